"""The decisions about rectification orders: pure functions of an order, a day and a policy.

table     what can happen to an item in which state; the table is the procedure
issuing   from a draft to an order with a number, an answer to the violation, and terms
items     extension, proof, re-inspection, withdrawal, a second term
days      what a day brings: terms that have passed
ending    when an order is closed
refusing  what counts as a refusal
"""
