"""The inspection database.

tables    what there is
subjects  objects as last heard
duties    what they owe, and which of it changes colour by a day
reminders what was reminded of, and of what comes next
reds      red warnings, raised and cleared
days      the day that all colours stand for, the rules applied, runs
visits    visits, and the problems they found
visit_papers  every save of their records, evidence, signatures
confirmed what officers confirmed of objects
evidence_files  the bytes of evidence, outside the database
bookings  bookings of inspections
complaints  complaints and leads, who sent them sealed
due_at    what falls due at enterprises
tallies   the counters of the dashboards
points    what the information points count
analysis  warnings taken together
chain     the attestations, and the counts they tell
listing   what the internal API shows
"""
