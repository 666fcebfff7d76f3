"""What somebody wrote into a form that was not taken, until it is on a page again.

The macros of forms.html ask here for what to fill in: in the form that was sent, and in no
other form of the page. Where that form is not on the page any more, the words stand by
themselves (layout/written.html), to be copied or sent again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app, g, request
from flask_wtf.csrf import validate_csrf
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from services.portal.web.state import state
from services.portal.web.words import word
from services.portal.web.writing import KEY_FIELD

RESUMED = "resumed"  # of a form that is to come back as it was written, not to be taken
CARRIED = "unsent"
KEPT = "-kept"  # behind the name of a field for files: those that are kept already
OWN = frozenset({"csrf_token", KEY_FIELD, RESUMED, CARRIED})
SECRET = frozenset({"password", "old", "again"})
MOST_CARRIED = 1 << 20  # characters; a whole record of a visit has some ten thousand
CODE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z][a-z_]*")

Said = tuple[str, str]


@dataclass
class Written:
    """A form that was sent.

    action   where to, with its query
    fields   what was written, without our own fields
    errors   field and what is wrong with it; ('', why) for the whole form
    files    whether files were chosen, which no page can put back
    key      of the form, under which it counts once
    kept     by field: the digests of files that are kept already
    drawn    whether the form is on the page that answers
    """

    action: str
    fields: MultiDict[str, str]
    errors: list[Said] = field(default_factory=list)
    files: bool = False
    key: str = ""
    kept: dict[str, list[str]] = field(default_factory=dict)
    drawn: bool = False

    @property
    def path(self) -> str:
        """Which form it is."""
        return unquote(urlsplit(self.action).path)

    @property
    def words(self) -> list[tuple[str, list[str]]]:
        """By field, what a person would miss; not the ids and codes that the page chose."""
        said = {
            name: [each for each in values if each.strip() and not CODE.fullmatch(each)]
            for name, values in self.fields.lists()
        }
        return [(name, values) for name, values in said.items() if values]

    def shown(self) -> str:
        """It stands on the page by itself."""
        self.drawn = True
        return ""


def written() -> Written | None:
    """What is to come back on the page that is drawn."""
    found: Written | None = g.get("written")
    return found


def take(errors: Iterable[Said] = (), *, new_key: bool = False) -> Written | None:
    """Keep what was just sent for the page that answers; None if it was none of our forms."""
    if (known := written()) is None and (known := _sent()) is None:
        return None
    known.errors = [_placed(known, name, said) for name, said in errors]
    known.key = "" if new_key else known.key
    g.written = known
    return known


def seal(form: Written) -> str | None:
    """The form as one signed value of a hidden field; None if it is too large to travel."""
    fields = [[name, value] for name, value in form.fields.items(multi=True)]
    if sum(len(name) + len(value) for name, value in fields) > MOST_CARRIED:
        return None
    told = {"action": form.action, "fields": fields, "files": form.files, "key": form.key}
    return str(_signer(CARRIED).dumps(told))


def unseal(sealed: str | None) -> Written | None:
    """What `seal` made; None of anything else."""
    told = _opened(CARRIED, sealed)
    if told is None:
        return None
    fields = MultiDict([(name, value) for name, value in told["fields"]])
    return Written(told["action"], fields, files=told["files"], key=told["key"])


def note_kept(field_name: str, digests: list[str]) -> None:
    """These files of a form are kept: if it comes back, they need not be chosen again."""
    g.setdefault("kept_files", {})[field_name] = digests


def kept_before(field_name: str) -> list[str]:
    """The files of a form that were kept when it was sent before."""
    told = _opened(KEPT, request.form.get(f"{field_name}{KEPT}"))
    return [str(digest) for digest in told["digests"]] if told else []


def install(app: Flask) -> None:
    """What the macros of forms ask."""

    @app.context_processor
    def _known() -> dict[str, Any]:
        return {"written": written(), "forms_of": Drawing.now()}


class Drawing:
    """The forms of the page that is being drawn, one after the other."""

    def __init__(self) -> None:
        self._number = 0
        self._inside = False
        self._its_own = False
        self._names: set[str] = set()

    @staticmethod
    def now() -> Drawing:
        """Of this request."""
        found: Drawing = g.setdefault("drawing", Drawing())
        return found

    @property
    def key(self) -> str:
        """Of the form that comes back."""
        known = self._back()
        return known.key if known else ""

    @property
    def errors(self) -> list[Said]:
        """Of the form that comes back."""
        known = self._back()
        return known.errors if known else []

    def opens(self, *actions: str) -> str:
        """A form begins that is sent to one of *actions*."""
        self._number += 1
        self._inside, self._its_own = True, any(self.is_back(each) for each in actions)
        if self._its_own and (known := written()):
            known.drawn = True
        return ""

    def ends(self) -> str:
        """It is over."""
        self._inside = self._its_own = False
        return ""

    def is_back(self, *actions: str) -> bool:
        """Whether the form that was sent to one of *actions* comes back."""
        known = written()
        paths = [unquote(urlsplit(str(action)).path) for action in actions]
        return known is not None and known.path in paths

    def typed(self, name: str, value: Any) -> Any:
        """What was written into a field, else its usual *value*."""
        known = self._back()
        return known.fields.get(name, "") if known else value

    def ticked(self, name: str, value: Any, usual: bool) -> bool:
        """Whether a box was ticked."""
        known = self._back()
        return str(value) in known.fields.getlist(name) if known else usual

    def files_of(self, name: str) -> tuple[str, int, bool]:
        """Those already kept, as one signed value; how many; whether others are to be chosen."""
        known = self._back()
        if known is None:
            return "", 0, False
        digests = known.kept.get(name) or []
        sealed = str(_signer(KEPT).dumps({"digests": digests})) if digests else ""
        return sealed, len(digests), known.files and not digests

    def id_of(self, name: str) -> str:
        """One place on the page; the plain name is that of the form that comes back."""
        known = written()
        plain = self._its_own if known and known.drawn else name not in self._names
        self._names.add(name)
        return name if plain or not self._inside else f"{name}-{self._number}"

    def _back(self) -> Written | None:
        return written() if self._its_own else None


def _sent() -> Written | None:
    """The form that this request brought, if it is one of ours."""
    if request.method != "POST" or not _is_ours():
        return None
    if request.blueprint == "account":  # whose own fields are nobody's words
        return unseal(request.form.get(CARRIED))
    try:
        fields, files = request.form, request.files
    except HTTPException:
        return None  # larger than anything we read
    kept = MultiDict(
        [
            (name, value)
            for name, value in fields.items(multi=True)
            if name not in OWN | SECRET and not name.endswith(KEPT)
        ]
    )
    return Written(
        # One slash: an address that begins with two is another site's.
        action=f"/{(request.script_root + request.full_path).lstrip('/').rstrip('?')}",
        fields=kept,
        files=any(file.filename for file in files.values()),
        key=fields.get(KEY_FIELD, ""),
        kept=g.get("kept_files", {}),
    )


def _is_ours() -> bool:
    """Whether one of our own pages sent it: nobody else's words are put into a form."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValueError:  # what WTForms raises
        origin = request.headers.get("Origin", "")
        own = {
            urlsplit(request.host_url).netloc,
            urlsplit(state().settings.portal_address).netloc,
        }
        return urlsplit(origin).netloc in own
    except HTTPException:
        return False
    return True


def _placed(known: Written, name: str, said: str) -> Said:
    """Beside the field that a service meant: it may call it `items.0.basis`."""
    there = set(known.fields) | {file.partition(KEPT)[0] for file in request.files}
    last = name.rpartition(".")[2]
    place = next((each for each in (name, last) if each in there), None)
    if place is None and name:
        return "", f"{word(last, 'form_field')}：{said}"
    return place or "", said


def _signer(salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=salt)


def _opened(salt: str, sealed: str | None) -> Mapping[str, Any] | None:
    try:
        told: Mapping[str, Any] = _signer(salt).loads(sealed or "")
    except BadData:
        return None
    return told
