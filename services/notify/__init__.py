"""质监通 — notices.

Owns    messages and their deliveries, the inbox of every addressee (database: notify)
Hears   registry.enterprise_recorded.v1, registry.contact_recorded.v1,
        inspection.warning_turned_red.v1, inspection.warning_cleared.v1,
        credit.bad_information_drafted.v1, credit.bad_information_published.v1,
        credit.bad_information_corrected.v1, credit.bad_information_withdrawn.v1,
        credit.enterprise_blacklisted.v1, credit.safety_alert_raised.v1,
        credit.escalation_proposed.v1, credit.escalation_lifted.v1
Says    nothing
Serves  messages and inboxes to programs, under /messages and /inbox
"""
