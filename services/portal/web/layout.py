"""What every template knows: the site, the one who looks, the menu, the language, the day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask, request, url_for
from markupsafe import Markup

from services.chassis import clock
from services.portal.web import language
from services.portal.web.me import me
from services.portal.web.menu import home_of, menu
from services.portal.web.names import division_name, industry_name, service_name
from services.portal.web.state import state
from services.portal.web.words import choices, word
from services.portal.web.writing import KEY_FIELD
from services.portal.web.written import Drawing

ONCE = '<input type="hidden" name="%s" value="%s">'


def install(app: Flask) -> None:
    """Into every template."""
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["word"] = word
    app.jinja_env.globals["choices"] = choices
    app.jinja_env.globals["days_until"] = days_until

    @app.context_processor
    def _known() -> dict[str, Any]:
        other = "en" if language.in_use() == "zh" else "zh"
        here = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return {
            "site": state().site,
            "me": me(),
            "menu": menu(),
            "home_url": home_of(me().user),
            "language": language.in_use(),
            "language_url": url_for("language.chosen", code=other, next=here),
            "today": clock.today(),
            "once": once,
            "query_with": query_with,
            "division_name": division_name,
            "industry_name": industry_name,
            "service_name": service_name,
            "endpoints": app.view_functions,
        }


def once() -> Markup:
    """A hidden field: the same form sent twice counts once, also when it comes back between."""
    key = Drawing.now().key or uuid4()
    return Markup(ONCE) % (KEY_FIELD, key)  # noqa: S704 - a constant; values are escaped


def moment(instant: str | datetime | None) -> str:
    """`2026-11-26 09:30` in China, of an instant as the services tell it."""
    if not instant:
        return ""
    at = instant if isinstance(instant, datetime) else datetime.fromisoformat(instant)
    return f"{at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}"


def days_until(day: str | None) -> int | None:
    """Days from today to a day as the services tell it; negative when it is over."""
    return (date.fromisoformat(day[:10]) - clock.today()).days if day else None


def query_with(**changes: Any) -> str:
    """The page's own address with some of its query changed; None takes a part away."""
    kept = {**request.args.to_dict(), **changes}
    given = {name: value for name, value in kept.items() if value not in (None, "")}
    here = url_for(str(request.endpoint), **(request.view_args or {}))
    return f"{here}?{urlencode(given)}" if given else here
