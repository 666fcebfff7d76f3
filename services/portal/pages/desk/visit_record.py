"""The form of a visit as the record that inspection keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from services.portal.web.me import ask
from services.portal.web.typed import count_in
from services.portal.web.writing import audited
from services.portal.web.written import note_kept

Form = MultiDict[str, str]


def content_of(form: Form) -> dict[str, Any]:
    """Answers with the photographs that were kept before, passing records, outcome."""
    return {
        "answers": [_answer(form, n) for n in _answered(form)],
        "passing_records": [
            passed
            for n in range(count_in(form.get("records"), most=len(form)))
            if (passed := _passed(form, n)) is not None
        ],
        "changes": [
            changed
            for n in range(count_in(form.get("changes"), most=len(form)))
            if (changed := _changed(form, n)) is not None
        ],
        "outcome": form.get("outcome") or None,
        "summary": form.get("summary", ""),
    }


def add_photographs(content: dict[str, Any], form: Form, visit_id: UUID) -> None:
    """Keep the files of the form and name them in *content*. Raises Refused, Away.

    Each is named as soon as it is kept: when a later one is refused, the form that comes back
    has it.
    """
    for n, answer in zip(_answered(form), content["answers"], strict=True):
        digests: list[str] = []
        note_kept(f"files-{n}", digests)
        for digest in _photographs(n, visit_id):
            digests.append(digest)
            if digest not in answer["evidence"]:
                answer["evidence"].append(digest)


def kept_in(content: dict[str, Any], form: Form, kept: Mapping[str, list[str]]) -> None:
    """Name in *content* the photographs that were kept before it was refused."""
    for n, answer in zip(_answered(form), content["answers"], strict=True):
        new = [one for one in kept.get(f"files-{n}", ()) if one not in answer["evidence"]]
        answer["evidence"].extend(new)


def _answered(form: Form) -> list[int]:
    """The rows that have a finding."""
    rows = count_in(form.get("rows"), most=len(form))
    return [n for n in range(rows) if form.get(f"finding-{n}")]


def _answer(form: Form, n: int) -> dict[str, Any]:
    kept = [digest for digest in form.get(f"evidence-{n}", "").split(",") if digest]
    return {
        "object_id": form.get(f"object-{n}") or None,
        "item": form.get(f"item-{n}", ""),
        "finding": form.get(f"finding-{n}"),
        "note": form.get(f"note-{n}", ""),
        "evidence": list(dict.fromkeys(kept)),
    }


def _photographs(n: int, visit_id: UUID) -> Iterator[str]:
    """The digests of the files sent for one item; the same file again has the same digest."""
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
        yield str(kept["sha256"])


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
