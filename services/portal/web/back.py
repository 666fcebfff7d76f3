"""A form that is not taken comes back on its page, with everything that was written and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from services.portal.web.language import gettext as _
from services.portal.web.names import service_name
from services.portal.web.refusals import errors_of, page as error_page, status_of
from services.portal.web.services import Away, Refused
from services.portal.web.written import RESUMED, take

View = TypeVar("View", bound=Callable[..., Any])

NOT_ON_A_PAGE = (403, 404, 410)  # what is not there, or not for this person, has no page either
SPENT = "idempotency_key_reused"
NOT_TAKEN = 422  # whatever a service calls it: the page asks for something else


def comes_back_on(page: Callable[..., Any]) -> Callable[[View], View]:
    """Of a view that takes a form: *page* shows the form.

    It is called with those of the address's parts that it names, when a service or the view
    itself refuses (Refused), when a service is away, and when a form is sent that was written
    before a login (`resumed`).
    """
    names = frozenset(signature(page).parameters)

    def mark(view: View) -> View:
        @wraps(view)
        def taken(**parts: Any) -> Any:
            named = {name: value for name, value in parts.items() if name in names}
            if request.form.get(RESUMED):
                take([("", _("您写的内容还没有提交，请核对后再提交。"))])
                return page(**named)
            try:
                return view(**parts)
            except Refused as refused:
                if refused.status in NOT_ON_A_PAGE:
                    raise
                take(errors_of(refused), new_key=refused.code == SPENT)
                return _drawn(page, named, NOT_TAKEN)
            except Away as away:
                take([("", _away(away))])
                return _drawn(page, named, 503)

        taken.comes_back = True  # type: ignore[attr-defined]
        return taken  # type: ignore[return-value]

    return mark


def has_page(path: str) -> bool:
    """Whether the form that is sent there can come back on a page of its own."""
    try:
        endpoint, _parts = current_app.url_map.bind("").match(path, method="POST")
    except (HTTPException, RequestRedirect):
        return False
    return hasattr(current_app.view_functions[endpoint], "comes_back")


def _drawn(page: Callable[..., Any], named: dict[str, Any], status: int) -> Any:
    """The page, if what it shows can be had."""
    try:
        drawn = page(**named)
    except Away as away:
        return error_page(503, _away(away))
    except Refused as refused:
        return error_page(
            status_of(refused), "；".join(said for _at, said in errors_of(refused))
        )
    return (drawn, status) if isinstance(drawn, str) else drawn


def _away(error: Away) -> str:
    return _(
        "%(service)s没有应答。您写的内容还在，请稍后再提交；不会重复办理。",
        service=service_name(error.service),
    )
