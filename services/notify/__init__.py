"""质监通 — notices.

Owns    messages and their deliveries, the inbox of every addressee, directives and their
        hops (database: notify)
Hears   registry.enterprise_recorded.v1, registry.contact_recorded.v1,
        registry.enterprises_merged.v1, registry.merge_undone.v1,
        inspection.warning_turned_red.v1, inspection.warning_cleared.v1,
        credit.bad_information_drafted.v1, credit.bad_information_published.v1,
        credit.bad_information_corrected.v1, credit.bad_information_withdrawn.v1,
        credit.enterprise_blacklisted.v1, credit.safety_alert_raised.v1,
        credit.escalation_proposed.v1, credit.escalation_lifted.v1,
        inspection.duty_reminder_due.v1, inspection.overdue_digest_due.v1,
        inspection.visit_concluded.v1,
        inspection.order_issued.v1, inspection.order_extended.v1, inspection.order_overdue.v1,
        inspection.order_closed.v1, inspection.refusal_recorded.v1,
        inspection.refusal_withdrawn.v1, inspection.case_filed.v1,
        inspection.case_term_near.v1, inspection.case_decided.v1, inspection.case_closed.v1,
        inspection.decision_changed.v1, inspection.booking_confirmed.v1,
        inspection.booking_declined.v1, inspection.duty_reminded_by_hand.v1,
        credit.record_drafted.v1, credit.notice_served.v1, credit.publication_blocked.v1,
        credit.record_published.v1, credit.record_ended.v1, credit.request_received.v1,
        credit.request_decided.v1, credit.term_overrun.v1, credit.grade_changed.v1
Says    notify.directive_issued.v1, notify.directive_acknowledged.v1,
        notify.directive_overdue.v1, notify.directive_reported.v1
Serves  messages, inboxes, addresses, webhooks and directives to programs, under /messages,
        /inbox, /addresses, /webhooks and /directives; templates and their preview, work
        supervision and the information points 质监通 and 工作督察
"""
