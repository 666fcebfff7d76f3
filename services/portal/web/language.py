"""Chinese, and English where somebody asked for it.

The texts stand in Chinese in the code and on the pages; translations/en/*.po holds the English
of each, by area. The browser's own wish is not asked: a desktop in a bureau says en-US.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request

COOKIE = "bianque_language"
LANGUAGES = ("zh", "en")
CATALOGUES = Path(__file__).parents[1] / "translations"


def in_use() -> str:
    """zh or en: what the cookie says, else what the user chose, else Chinese."""
    if not has_request_context():
        return "zh"
    if (chosen := request.cookies.get(COOKIE)) in LANGUAGES:
        return chosen
    me = g.get("me")
    return me.user.language if me is not None and me.user else "zh"


def gettext(text: str, **values: Any) -> str:
    """The text in the language in use; *values* fill its %(name)s."""
    said: str = _translations(in_use()).ugettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, count: int, **values: Any) -> str:
    """The same for a count."""
    said: str = _translations(in_use()).ungettext(one, many, count)
    return said % ({"num": count} | values)


class Later:
    """A text that is put into words when it is shown: for menus and tables made at start."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return gettext(self.text)

    def __html__(self) -> str:
        return str(self)


def later(text: str) -> Later:
    """`gettext`, when it is shown."""
    return Later(text)


def install(app: Flask) -> None:
    """The templates' _(), ngettext() and {% trans %}."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _translations(in_use()).ugettext(text),
        lambda one, many, count: _translations(in_use()).ungettext(one, many, count),
        newstyle=True,
    )


@cache
def _translations(language: str) -> NullTranslations:
    found: NullTranslations | None = None
    for file in sorted((CATALOGUES / language).glob("*.po")):
        compiled = BytesIO()
        with file.open("rb") as opened:
            write_mo(compiled, read_po(opened, locale=language))
        compiled.seek(0)
        area = Translations(compiled)
        found = area if found is None else found.merge(area)  # type: ignore[attr-defined]
    return found or NullTranslations()
