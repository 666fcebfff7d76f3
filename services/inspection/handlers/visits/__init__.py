"""Visits: what happens from the plan to the conclusion.

planning    a visit is planned, or called off
drafting    its record is saved, at every step, and nothing that was sent is lost
evidence    files that belong to it
photographs the copy of a picture that may be published
signing     officers and the enterprise's representative stand for the record
concluding  it ends; what was passed renews duties, what is out of use clears them
ordering    what it found becomes the draft of a rectification order
correcting  a concluded record was wrong: a further one corrects it
showing     a visit with its checklists, and as a printed form
telling     what others hear of a visit
"""
