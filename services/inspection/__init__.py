"""预警研判 — inspection: what falls due, and what has passed undone.

Owns    objects as heard, their duties and colours, red warnings, reminders, visits,
        rectification orders, refusals, cases, complaints with their senders sealed, bookings,
        enterprises by name, evaluations, the chain of daily attestations; the rule table
        (data/duty_rules.csv), the checklists (data/checklists.yaml), counters; evidence in
        BIANQUE_VAR/evidence
        (database: inspection)
Hears   registry.object_recorded.v1, registry.enterprise_recorded.v1,
        registry.enterprises_merged.v1, registry.merge_undone.v1
Says    inspection.warning_turned_red.v1, inspection.warning_cleared.v1,
        inspection.day_attested.v1, inspection.duty_reminder_due.v1,
        inspection.overdue_digest_due.v1, inspection.visit_concluded.v1,
        inspection.order_issued.v1, inspection.order_extended.v1, inspection.order_overdue.v1,
        inspection.order_closed.v1, inspection.refusal_recorded.v1,
        inspection.refusal_withdrawn.v1, inspection.case_filed.v1,
        inspection.case_term_near.v1, inspection.case_decided.v1, inspection.case_closed.v1,
        inspection.decision_changed.v1, inspection.booking_confirmed.v1,
        inspection.booking_declined.v1, inspection.duty_reminded_by_hand.v1
Serves  evaluations, attestations, warnings and their explanations, objects with their duties,
        reminders by hand, counts, information points, analysis, simulations, visits with
        their plans and evidence, rectification orders, enforcement cases, complaints,
        bookings (internal API)
"""
