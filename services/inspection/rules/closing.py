"""红色预警的消除 — what closes a red warning."""

from __future__ import annotations

from datetime import date

from services.events.inspection import ClearedBy


def clears(
    *,
    was_due_on: date,
    done_before_on: date | None,
    in_service: bool,
    done_on: date | None,
    due_on: date | None,
) -> ClearedBy | None:
    """晚于到期日的合格记录、停用报废移装注销、数据更正可以消除红色预警; 承诺和预约不能.

    The first two say what was known when it turned red, the others what is known now. An object
    that another enterprise uses now is out of service at the one that was warned. None:
    it stays red, because the same day is still due. A record that is newer, but not later than
    the due date, shows that it never was overdue: that is a correction. So is a due date that
    moved without a new record, also when a new wording of a rule has moved it.
    """
    if not in_service:
        return ClearedBy.OUT_OF_SERVICE
    if due_on == was_due_on:
        return None
    newer = done_on is not None and (done_before_on is None or done_on > done_before_on)
    if newer and done_on is not None and done_on > was_due_on:
        return ClearedBy.DONE
    return ClearedBy.CORRECTED_DATA
