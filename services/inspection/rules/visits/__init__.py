"""The rules of visits.

checklists  what is looked at, by kind of object and day
content     the record of a visit, read
concluding  what must be on file before a visit can end, and how it may end
officers    who may inspect, how often an enterprise may be visited
confirmed   what officers confirmed, beside what the registry tells
bundling    the fewest visits for all that falls due
"""
