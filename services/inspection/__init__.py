"""预警研判 — inspection: what falls due, and what has passed undone.

Owns    objects as heard, their duties and colours, red warnings, evaluations, the chain of
        daily attestations; the rule table (data/duty_rules.csv) (database: inspection)
Hears   registry.object_recorded.v1
Says    inspection.warning_turned_red.v1, inspection.warning_cleared.v1,
        inspection.day_attested.v1
Serves  evaluations, attestations, warnings and their explanations, objects with their duties,
        counts (internal API)
"""
