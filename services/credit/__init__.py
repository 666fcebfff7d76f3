"""诚信发布 — credit publishing.

Owns    bad information, escalations (blacklist, quality safety alerts, proposals), the log
        of every step with its grounds, the names of enterprises (database: credit)
Hears   inspection.warning_turned_red.v1, inspection.warning_cleared.v1,
        registry.enterprise_recorded.v1, registry.enterprises_merged.v1,
        registry.merge_undone.v1
Says    credit.bad_information_drafted.v1, credit.bad_information_published.v1,
        credit.bad_information_corrected.v1, credit.bad_information_withdrawn.v1,
        credit.enterprise_blacklisted.v1, credit.safety_alert_raised.v1,
        credit.escalation_proposed.v1, credit.escalation_lifted.v1,
        credit.record_drafted.v1, credit.notice_served.v1, credit.publication_blocked.v1,
        credit.record_published.v1, credit.record_ended.v1, credit.request_received.v1,
        credit.request_decided.v1, credit.term_overrun.v1, credit.grade_changed.v1
Serves  bad information and its explanation, an enterprise's record, publication and
        withdrawal by a named person (internal API)
"""
