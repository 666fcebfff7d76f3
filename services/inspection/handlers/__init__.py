"""What inspection does when something happens: load, decide, save, announce.

recording      an object was recorded
settling       bring duties and warnings of objects in line with their facts
evaluation     a day has come: find what changes colour, raise what turns red
reminding      rungs of the ladder that are reached, digests of the long overdue
visits         from the plan of a visit to its conclusion
rule_changes   a rule has changed: derive again what rests on it
attesting      the line of the day
standing       the day that all colours stand for
explaining     why something stands as it does
tallying       the counters of the dashboards
points         the information points
analysing      what warnings tell when taken together
simulating     what changed rules would do, before they do
reporting      what is told to those who look after the installation
alarms         what a person must look at
"""
