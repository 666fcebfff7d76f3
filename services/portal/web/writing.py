"""A change that somebody makes on a page: once, and with two lines in the audit.

The first line is there before anything is tried, the second says what came of it. A first
line without a second tells of a process that died in between; the service's answer under
the form's key then tells whether it was done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import request

from services.chassis import clock
from services.portal.model import User
from services.portal.store import audit
from services.portal.store.users import UserRefused
from services.portal.web.me import ask, me
from services.portal.web.services import Away, Files, Query, Refused
from services.portal.web.state import state

KEY_FIELD = "once"


def change(
    action: str,
    method: str,
    service: str,
    path: str,
    *,
    json: Any = None,
    files: Files | None = None,
    form: Query | None = None,
    query: Query | None = None,
    key: str | None = None,
) -> Any:
    """Ask a service to do something, for the one who looks. Raises Away, Refused.

    *action*: what it is, in Chinese, for the audit （下达责令改正）. *key*: the form's own
    (`{{ once() }}`), which every form that changes something carries.
    """
    key = key or request.form.get(KEY_FIELD)
    with audited(action, f"{method} {service}{path}", key=key or ""):
        return ask().send(
            method, service, path, json=json, files=files, form=form, query=query, key=key
        )


@contextmanager
def audited(
    action: str, subject: str, *, of: User | None = None, **detail: Any
) -> Iterator[dict[str, Any]]:
    """Write into the audit that somebody tries something, and then what came of it.

    What is known only afterwards is put into the dictionary. Never a secret: the audit is read.
    """
    note(action, subject, "asked", detail, of=of)
    try:
        yield detail
    except Away:
        note(action, subject, "not_known", detail, of=of)
        raise
    except (Refused, UserRefused) as refused:
        note(action, subject, f"refused {refused.code}", detail, of=of)
        raise
    note(action, subject, "done", detail, of=of)


def note(
    action: str,
    subject: str,
    outcome: str,
    detail: Mapping[str, Any] | None = None,
    *,
    of: User | None = None,
) -> None:
    """One line of the audit, in a transaction of its own.

    *of*: whom it is about before anybody is logged in; the line belongs to that user's divisions.
    """
    user = me().user
    with state().database.transaction() as session:
        audit.write(
            session,
            at=clock.now(),
            who=user.name if user else me().identity.name,
            roles=me().identity.roles,
            divisions=of.divisions if of else me().divisions,
            address=request.remote_addr or "",
            action=action,
            subject=subject,
            outcome=outcome,
            detail=detail,
        )
