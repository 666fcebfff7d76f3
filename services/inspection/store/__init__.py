"""The inspection database.

tables    what there is
subjects  objects as last heard
duties    what they owe, and which of it changes colour by a day
reminders what was reminded of, and of what comes next
reds      red warnings, raised and cleared
days      the day that all colours stand for, the rules applied, runs
chain     the attestations, and the counts they tell
listing   what the internal API shows
"""
