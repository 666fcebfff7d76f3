"""诚信记录的规则 — what must be on file, how long it is public, and how it ends.

Pure, as all rules: told the record, the day and the policy. The worked cases are in
tests/rules/cases/credit_*.yaml.
"""
