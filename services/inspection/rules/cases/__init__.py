"""The decisions about enforcement cases: pure functions of a case, a day and a policy.

table      what can happen in which state; the table is the procedure
opening    from a proposal or a clue to a filed case, or to none
inquiry    evidence, and the time for a decision
notifying  notice, statement and defence, hearing
grounds    what must be on file before a decision
deciding   the decision, no penalty, and what becomes of a decision later
performing service, payment, surcharge, performance
terms      what must be done next, by which day, and what is told of it
"""
