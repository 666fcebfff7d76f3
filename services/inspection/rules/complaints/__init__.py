"""The rules of complaints and leads.

table     what can happen in which state
intake    what is needed to take one in, and whose it is
handling  acceptance, mediation, check, answer, re-opening
routing   transfer, joining of duplicates
terms     which term runs, and until when
likeness  which earlier ones are probably the same
"""
