"""The form of a visit as the record that inspection keeps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from services.portal.web.me import ask
from services.portal.web.writing import audited

Form = MultiDict[str, str]


def content_of(form: Form, visit_id: UUID) -> dict[str, Any]:
    """Answers, passing records, outcome. Photographs are sent on first. Raises Refused, Away."""
    rows = int(form.get("rows") or 0)
    return {
        "answers": [
            answer for n in range(rows) if (answer := _answer(form, n, visit_id)) is not None
        ],
        "passing_records": [
            passed
            for n in range(int(form.get("records") or 0))
            if (passed := _passed(form, n)) is not None
        ],
        "changes": [
            changed
            for n in range(int(form.get("changes") or 0))
            if (changed := _changed(form, n)) is not None
        ],
        "outcome": form.get("outcome") or None,
        "summary": form.get("summary", ""),
    }


def _answer(form: Form, n: int, visit_id: UUID) -> dict[str, Any] | None:
    """None while the item is not answered."""
    if not form.get(f"finding-{n}"):
        return None
    kept = [digest for digest in form.get(f"evidence-{n}", "").split(",") if digest]
    return {
        "object_id": form.get(f"object-{n}") or None,
        "item": form.get(f"item-{n}", ""),
        "finding": form.get(f"finding-{n}"),
        "note": form.get(f"note-{n}", ""),
        "evidence": list(dict.fromkeys([*kept, *_photographs(n, visit_id)])),
    }


def _photographs(n: int, visit_id: UUID) -> list[str]:
    """The digests of the files sent for one item; the same file again has the same digest."""
    digests = []
    for file in request.files.getlist(f"files-{n}"):
        if not file or not file.filename:
            continue
        with audited("上传检查照片", f"POST inspection/visits/{visit_id}/evidence"):
            kept = ask().send_bytes(
                "inspection",
                f"/visits/{visit_id}/evidence",
                file.read(),
                name=file.filename[:200],
            )
        digests.append(kept["sha256"])
    return digests


def _passed(form: Form, n: int) -> dict[str, Any] | None:
    object_id, _, duty = form.get(f"passed-{n}", "").partition(" ")
    if not object_id or not form.get(f"done_on-{n}"):
        return None
    return {
        "object_id": object_id,
        "duty": duty,
        "done_on": form.get(f"done_on-{n}"),
        "stated_due_on": form.get(f"stated_due_on-{n}") or None,
        "cycle_months": None,
        "body": form.get(f"body-{n}", ""),
        "certificate": form.get(f"certificate-{n}", ""),
    }


def _changed(form: Form, n: int) -> dict[str, Any] | None:
    if not form.get(f"changed-{n}") or not form.get(f"status-{n}"):
        return None
    return {
        "object_id": form.get(f"changed-{n}"),
        "status": form.get(f"status-{n}"),
        "since": form.get(f"since-{n}"),
        "note": form.get(f"change_note-{n}", ""),
    }
