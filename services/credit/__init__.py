"""诚信发布 — credit publishing.

Owns    bad information, escalations (blacklist, quality safety alerts, proposals), records
        of all kinds with their grounds, requests about them, grades, the log of every step,
        the names of enterprises (database: credit)
Hears   inspection.warning_turned_red.v1, inspection.warning_cleared.v1,
        inspection.order_overdue.v1, inspection.order_closed.v1,
        inspection.refusal_recorded.v1, inspection.refusal_withdrawn.v1,
        inspection.case_decided.v1, inspection.case_closed.v1, inspection.decision_changed.v1,
        registry.enterprise_recorded.v1, registry.enterprises_merged.v1,
        registry.merge_undone.v1
Says    credit.bad_information_drafted.v1, credit.bad_information_published.v1,
        credit.bad_information_corrected.v1, credit.bad_information_withdrawn.v1,
        credit.enterprise_blacklisted.v1, credit.safety_alert_raised.v1,
        credit.escalation_proposed.v1, credit.escalation_lifted.v1,
        credit.record_drafted.v1, credit.notice_served.v1, credit.publication_blocked.v1,
        credit.record_published.v1, credit.record_ended.v1, credit.request_received.v1,
        credit.request_decided.v1, credit.term_overrun.v1, credit.grade_changed.v1
Serves  bad information and records, their explanation, every step that a named person takes,
        requests, grades, and what the public may read (internal API)
"""
