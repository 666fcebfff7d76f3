"""Webhooks: where the messages of a unit are posted, signed (docs/channels.md)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.portal.api import calling
from services.portal.api.operation import Operation, offer
from services.portal.api.parts import maybe, text
from services.portal.api.problems import Problem
from services.portal.web.me import ask
from services.portal.web.writing import change

views = Blueprint("webhooks", __name__, url_prefix="/api/v1", description="回调 webhooks")

EXAMPLE = {"account": "bureau:610303"}


class WebhookBody(Schema):
    """Where to post."""

    url = text("https://, a host that can be reached from the bureau", required=True)


class RegisteredShape(Schema):
    """A webhook with its secret, which is shown this once."""

    account = maybe("whose messages")
    host = maybe("where they go")
    secret = maybe("signs every message (Standard Webhooks); shown only now")


class WebhookShape(Schema):
    """A webhook, without what is secret."""

    account = maybe("whose messages")
    host = maybe("where they go")
    division = maybe("行政区划代码")
    failing_since = maybe("since when nothing could be delivered")
    failures = fields.Integer()
    disabled_at = maybe("since when it is not tried any more")
    disabled_because = maybe("why")
    set_at = maybe("registered")
    set_by = maybe("by whom")


class EndedShape(Schema):
    """A webhook that is no more."""

    account = maybe("whose messages")


@offer(
    views,
    Operation(
        "GET",
        "/webhooks/<path:account>",
        WebhookShape,
        scope="duties:read",
        example={"path": EXAMPLE},
    ),
)
def webhook(account: str) -> Any:
    """Where the messages of a unit are posted 回调地址"""
    return ask().get("notify", _path(account))


@offer(
    views,
    Operation(
        "PUT",
        "/webhooks/<path:account>",
        RegisteredShape,
        scope="duties:read",
        body=WebhookBody,
        status=201,
        refusals=(409,),
        example={"path": EXAMPLE, "body": {"url": "https://hooks.example.org/bianque"}},
    ),
)
def register(sent: dict[str, Any], account: str) -> Any:
    """Register where the messages of a unit are posted 登记回调地址

    The account is `bureau:610303` or `section:610303/特设科`, within the token's divisions. The
    secret is in this answer alone. What somebody else has registered is not replaced.
    """
    return change("接口登记回调", "PUT", "notify", _path(account), json=sent, key=calling.key())


@offer(
    views,
    Operation(
        "POST",
        "/webhooks/<path:account>/rotate",
        RegisteredShape,
        scope="duties:read",
        refusals=(409,),
        example={"path": EXAMPLE},
    ),
)
def rotate(account: str) -> Any:
    """Change the secret; the former one signs beside it for a while 更换密钥"""
    path = f"{_path(account)}/rotate"
    return change("接口更换回调密钥", "POST", "notify", path, key=calling.key())


@offer(
    views,
    Operation(
        "DELETE",
        "/webhooks/<path:account>",
        EndedShape,
        scope="duties:read",
        refusals=(409,),
        example={"path": EXAMPLE},
    ),
)
def end(account: str) -> Any:
    """Post nothing any more 注销回调"""
    return change("接口注销回调", "DELETE", "notify", _path(account), key=calling.key())


def _path(account: str) -> str:
    if not account.startswith(("bureau:", "section:")):
        raise Problem(
            404, "no_such_account", "账号应为 bureau:<行政区划代码> 或 section:<代码>/<科室>"
        )
    return f"/webhooks/{quote(account, safe=':')}"
