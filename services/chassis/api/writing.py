"""A write counts once, however often its caller has to ask.

A caller that did not hear the answer (a cut line, a restart) asks again under the same
`Idempotency-Key` and gets the answer of the first time. The answer is kept in the
transaction of the write itself: there is no moment in which one is there without the
other.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Response, current_app, request
from sqlalchemy.orm import Session

from services.chassis import answers
from services.chassis.answers import Answer
from services.chassis.api.calls import Refused, caller
from services.chassis.database import Database

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 200


def write(
    database: Database,
    act: Callable[[Session], Any],
    *,
    status: int = 200,
    body: bytes | None = None,
) -> Response:
    """Do one thing in one transaction, and answer with what it returns, as JSON.

    *body*: what stands for the body where files came, which are too large to be compared.

    Without a key every call is one of its own. What *act* raises undoes everything, and
    the key is free again. Raises Refused if the key came with another request before.
    """
    key = _key()
    asked = _fingerprint(body)
    with database.transaction() as session:
        if key and (kept := answers.claim(session, key, asked=asked)):
            return _again(kept, asked)
        said = current_app.json.dumps(act(session))
        if key:
            answers.keep(session, key, status=status, said=said)
    return _response(status, said)


def _key() -> str | None:
    """Two callers may come with the same words. Raises Refused."""
    sent = request.headers.get(KEY_HEADER)
    if sent is None:
        return None
    if not 0 < len(sent) <= LONGEST_KEY:
        raise Refused(
            "idempotency_key_wrong", f"{KEY_HEADER} 应为 1 至 {LONGEST_KEY} 个字符", 400
        )
    return sha256(f"{caller().name}\n{sent}".encode()).hexdigest()


def _fingerprint(body: bytes | None) -> str:
    """What was asked, of whose rows."""
    scope = ",".join(sorted(caller().scope.codes))
    head = f"{request.method} {request.full_path} {scope}\n"
    return sha256(head.encode() + (body or request.get_data())).hexdigest()


def _again(kept: Answer, asked: str) -> Response:
    if kept.asked != asked:
        raise Refused(
            "idempotency_key_reused",
            f"这个 {KEY_HEADER} 已用于另一个请求;新的请求请换用新的值",
        )
    return _response(kept.status, kept.said)


def _response(status: int, said: str) -> Response:
    return Response(said, status, mimetype="application/json")
