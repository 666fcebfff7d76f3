"""The decisions of inspection: pure functions of facts, a day and a policy.

codes        which rule is for which class code
rule_table   the rule table, dated, and a bureau's own rows over it
due          when a duty falls due
colour       how it stands on a day
duties       everything that an object owes
reminders    the ladder
visits       the rules of visits
points       the risk settings of the information points
closing      what closes a red warning
words        why, in Chinese
attestation  the chain of daily lines
months       calendar months
"""
