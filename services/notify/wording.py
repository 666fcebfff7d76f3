"""Templates and words: how a message comes to be said.

A template is a file `<fact>_<to whom>.<language>.txt`: the subject, an empty line, the
body, with ${placeholders}. It may name the fields of the event it begins with, the facts
of the enterprise, and what the house says of itself; anything else is refused when the
files are read. Its version is the hash of its file.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import partial
from pathlib import Path
from string import Template
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

from services.chassis.settings import SettingBroken
from services.events import credit, inspection, notify
from services.events.contract import Event
from services.notify import notices
from services.notify.model import Enterprise, Text
from services.notify.notices import Notice
from services.notify.words import LANGUAGES, Words, say_day

HERE = Path(__file__).parent
HEARD: tuple[type[Event], ...] = (
    inspection.WarningTurnedRed,
    inspection.WarningCleared,
    credit.BadInformationDrafted,
    credit.BadInformationPublished,
    credit.BadInformationCorrected,
    credit.BadInformationWithdrawn,
    credit.EnterpriseBlacklisted,
    credit.SafetyAlertRaised,
    credit.EscalationProposed,
    credit.EscalationLifted,
    inspection.DutyReminderDue,
    inspection.OverdueDigestDue,
    inspection.VisitConcluded,
    inspection.OrderIssued,
    inspection.OrderExtended,
    inspection.OrderOverdue,
    inspection.OrderClosed,
    inspection.RefusalRecorded,
    inspection.RefusalWithdrawn,
    inspection.CaseFiled,
    inspection.CaseTermNear,
    inspection.CaseDecided,
    inspection.CaseClosed,
    inspection.DecisionChanged,
    credit.RecordDrafted,
    credit.NoticeServed,
    credit.PublicationBlocked,
    credit.RecordPublished,
    credit.RecordEnded,
    credit.RequestReceived,
    credit.RequestDecided,
    credit.TermOverrun,
    credit.GradeChanged,
)
OWN: tuple[type[Event] | type[Notice], ...] = (
    notify.DirectiveIssued,
    notify.DirectiveAcknowledged,
    notify.DirectiveOverdue,
    notify.DirectiveReported,
    notices.DirectiveFedBack,
    notices.DirectiveSentBack,
    notices.DirectiveRecalled,
    notices.WebhookDisabled,
    notices.DigestReady,
    notices.MessageUnread,
)
TOLD: tuple[type[Event] | type[Notice], ...] = (*HEARD, *OWN)
FROM_ENTERPRISE = ("enterprise_name", "enterprise_uscc", "enterprise_status")
FROM_HOUSE = ("basis", "remedy", "enquiries", "signature", "happened_on", "reference")

FEN_IN_YUAN = 100
Say = Callable[[Any], str]
Subject = type[Event] | type[Notice]


class TemplateRefused(SettingBroken):
    """A template cannot be used; the message names the file and what would be right."""

    code = "template_refused"


@dataclass(frozen=True, kw_only=True)
class House:
    """What the bureau says of itself on a day, in one language."""

    signature: str
    enquiries: str
    remedy: str
    basis: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One template, ready to be filled."""

    name: str
    language: str
    event: Subject
    version: str
    subject: str
    body: str
    said: Mapping[str, Say]
    gives_basis: bool


class Wording:
    """All templates in all languages."""

    def __init__(self, letters: Mapping[tuple[str, str], Letter], words: Words) -> None:
        self.letters = letters
        self.words = words
        self._said: dict[tuple[Subject, str], dict[str, Say]] = defaultdict(dict)
        for letter in letters.values():
            self._said[letter.event, letter.language] |= letter.said

    @classmethod
    def read(cls, folder: Path = HERE / "templates", words: Words | None = None) -> Wording:
        """Read and check every template. Raises TemplateRefused, and names the file."""
        words = words or Words.read()
        letters = [_letter(path, words) for path in sorted(folder.glob("*.txt"))]
        known = {(letter.name, letter.language): letter for letter in letters}
        for name, language in [(name, lang) for name, _ in known for lang in LANGUAGES]:
            if (name, language) not in known:
                raise TemplateRefused(f"{folder}/{name}.{language}.txt is missing")
        return cls(known, words)

    def event_of(self, template: str) -> Subject | None:
        """The event that a template is about; None: there is no such template."""
        letter = self.letters.get((template, LANGUAGES[0]))
        return letter.event if letter else None

    def values(
        self,
        template: str,
        language: str,
        *,
        parameters: Mapping[str, Any],
        enterprise: Enterprise | None,
        house: House,
        happened_on: date,
    ) -> dict[str, str]:
        """All that messages of one occasion can say, whatever their template.

        *parameters* is the event as it was on the wire.
        """
        event = self.letters[template, language].event
        values = {
            name: say(parameters[name]) for name, say in self._said[event, language].items()
        }
        if enterprise is not None:
            values |= self._described(enterprise, language)
        values["enquiries"] = house.enquiries
        values["remedy"] = house.remedy
        values["signature"] = house.signature
        values["happened_on"] = say_day(happened_on, language)
        # an event that names its own basis knows better than the house
        values.setdefault("basis", house.basis.get(basis_about(event, parameters), ""))
        return values

    def _described(self, enterprise: Enterprise, language: str) -> dict[str, str]:
        absent = self.words.called("absent", "uscc", language)
        status = self.words.called("EnterpriseStatus", enterprise.status, language)
        return {
            "enterprise_name": _one_line(enterprise.name),
            "enterprise_uscc": enterprise.uscc or absent,
            "enterprise_status": status,
        }

    def write(
        self,
        template: str,
        language: str,
        values: Mapping[str, str],
        *,
        reference: str,
        trial: bool = False,
    ) -> Text:
        """The words of one message; of a trial, so that nobody takes it for real."""
        letter = self.letters[template, language]
        said = {**values, "reference": reference}
        mark = self.words.called("trial", "mark", language) if trial else ""
        return Text(
            subject=mark + letter.subject % said,
            body=letter.body % said,
            language=language,
            template_version=letter.version,
        )


def basis_about(event: Subject, parameters: Mapping[str, Any]) -> str:
    """Which line of the legal bases applies: by kind of object, else by what happened."""
    return str(parameters.get("object_kind") or fact(event))


def cause_field(event: Subject) -> str:
    """The field that names what an event is about: the first that holds an id."""
    for name, hint in event.wire.hints.items():
        plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        if plain is UUID:
            return name
    raise TypeError(f"{event.full_name} is about nothing: it has no id")


def fact(event: Subject) -> str:
    """`warning_turned_red`, whatever its version."""
    return event.routing_key.rsplit(".v", 1)[0]


def _letter(path: Path, words: Words) -> Letter:
    name, _, language = path.stem.rpartition(".")
    if language not in LANGUAGES:
        raise TemplateRefused(f"{path}: the name must end in .zh.txt or .en.txt")
    event = _event_called(name, path)
    raw = path.read_bytes()
    template = Template(raw.decode("utf-8").replace("%", "%%"))
    used = _placeholders(template, event, path)
    filled = template.substitute({name: f"%({name})s" for name in used})
    subject, _, body = filled.partition("\n\n")
    if "\n" in subject or not body.strip():
        raise TemplateRefused(f"{path}: needed are one line, an empty line, and the text")
    hints = event.wire.hints
    return Letter(
        name=name,
        language=language,
        event=event,
        version=hashlib.sha256(raw).hexdigest()[:12],
        subject=subject,
        body=body,
        said={n: _say(n, hints[n], words, language) for n in used if n in hints},
        gives_basis="basis" in used and "basis" not in hints,
    )


def _event_called(name: str, path: Path) -> Subject:
    about = [event for event in TOLD if name.startswith(fact(event) + "_")]
    if not about:
        raise TemplateRefused(f"{path}: the name must begin with that of an event")
    return max(about, key=lambda event: len(fact(event)))


def _placeholders(template: Template, event: Subject, path: Path) -> list[str]:
    if not template.is_valid():
        raise TemplateRefused(f"{path}: a $ stands alone; write ${{name}}, or $$ for a dollar")
    used = template.get_identifiers()
    of_enterprise = FROM_ENTERPRISE if "enterprise_id" in event.wire.hints else ()
    known = {*event.wire.hints, *of_enterprise, *FROM_HOUSE}
    if unknown := [name for name in used if name not in known]:
        raise TemplateRefused(
            f"{path}: ${{{unknown[0]}}} is unknown; there are {', '.join(sorted(known))}"
        )
    return used


def _say(name: str, hint: Any, words: Words, language: str) -> Say:
    """How one field of an event is said. What has no words is refused now, not when said."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (UnionType, Union):
        (known,) = (arm for arm in get_args(hint) if arm is not NoneType)
        say = _say(name, known, words, language)
        nothing = words.absent(name, language)
        return lambda value: nothing if value is None else say(value)
    if get_origin(hint) is tuple:
        return _say_all(name, get_args(hint)[0], words, language)
    if hint is int:
        return _say_number(name, words, language)
    if hint is date:
        return lambda value: say_day(date.fromisoformat(value), language)
    if hint is bool:
        said = words.group(name, language)
        return lambda value: said["yes" if value else "no"]
    if isinstance(hint, type) and issubclass(hint, Enum):
        said = {member.value: words.of(member, language) for member in hint}
        return lambda value: said[value]
    return _one_line


def _say_all(name: str, each: Any, words: Words, language: str) -> Say:
    if each is inspection.OrderedItem:
        return partial(_say_items, words.called("ordered_items", "any", language), language)
    say = _say(name, each, words, language)
    comma = "\n" if name == "lines" else words.called("between", "any", language)
    return lambda values: comma.join(say(value) for value in values)


def _say_number(name: str, words: Words, language: str) -> Say:
    if name.endswith("_fen"):
        return partial(_say_money, words.called("money", "any", language))
    if name == "rung":
        return partial(_say_rung, words.group(name, language))
    return str


def _say_money(said: str, fen: int) -> str:
    return said.format(yuan=f"{Decimal(fen) / FEN_IN_YUAN:,.2f}")


def _say_rung(said: Mapping[str, str], rung: int) -> str:
    """How far away a due date is, on the day that it is told."""
    how = "today" if rung == 0 else "ahead" if rung > 0 else "overdue"
    return said[how].format(days=abs(rung))


def _say_items(said: str, language: str, items: Sequence[Mapping[str, Any]]) -> str:
    """How many, and between which days: what each is about stands in the order itself."""
    days = sorted(date.fromisoformat(item["due_on"]) for item in items)
    return said.format(
        count=len(items), first=say_day(days[0], language), last=say_day(days[-1], language)
    )


def _one_line(value: Any) -> str:
    """Nothing that somebody typed may break a line: the subject becomes a mail header."""
    return " ".join(str(value).split())
