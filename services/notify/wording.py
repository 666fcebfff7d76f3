"""Templates and words: how a message comes to be said.

A template is a file `<fact>_<to whom>.<language>.txt`: the subject, an empty line, the
body, with ${placeholders}. It may name the fields of the event it begins with, the facts
of the enterprise, and what the house says of itself; anything else is refused when the
files are read. Its version is the hash of its file.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID

from services.chassis.settings import SettingBroken
from services.events import credit, inspection, notify
from services.events.contract import Event
from services.notify import notices
from services.notify.model import Enterprise, Text
from services.notify.notices import Notice
from services.notify.saying import Say, one_line, say_field
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
    inspection.DutyRemindedByHand,
    inspection.OverdueDigestDue,
    inspection.VisitConcluded,
    inspection.BookingConfirmed,
    inspection.BookingDeclined,
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

    def __init__(
        self,
        letters: Mapping[tuple[str, str], Letter],
        words: Words,
        own: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self.letters = letters
        self.words = words
        self.own = own
        self._said: dict[tuple[Subject, str], dict[str, Say]] = defaultdict(dict)
        for letter in letters.values():
            self._said[letter.event, letter.language] |= letter.said

    @classmethod
    def read(
        cls,
        folder: Path = HERE / "templates",
        words: Words | None = None,
        *,
        own: Path | None = None,
    ) -> Wording:
        """Read and check every template; a bureau's *own* stand in the place of the shipped.

        Raises TemplateRefused, and names the file.
        """
        words = words or Words.read()
        known = _letters(folder, words)
        for name, language in [(name, lang) for name, _ in known for lang in LANGUAGES]:
            if (name, language) not in known:
                raise TemplateRefused(f"{folder}/{name}.{language}.txt is missing")
        if own is None or not own.is_dir():
            return cls(known, words)
        instead = _letters(own, words)
        for name, language in instead.keys() - known.keys():
            raise TemplateRefused(
                f"{own}/{name}.{language}.txt: there is no template {name}; "
                "a file here stands in the place of a shipped one of the same name"
            )
        return cls({**known, **instead}, words, frozenset(instead))

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
            "enterprise_name": one_line(enterprise.name),
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


def _letters(folder: Path, words: Words) -> dict[tuple[str, str], Letter]:
    letters = [letter_of(p, p.read_bytes(), words) for p in sorted(folder.glob("*.txt"))]
    return {(letter.name, letter.language): letter for letter in letters}


def letter_of(path: Path, raw: bytes, words: Words) -> Letter:
    """A template ready to be filled. Raises TemplateRefused."""
    name, _, language = path.stem.rpartition(".")
    if language not in LANGUAGES:
        raise TemplateRefused(f"{path}: the name must end in .zh.txt or .en.txt")
    event = _event_called(name, path)
    template = Template(_decoded(path, raw).replace("%", "%%"))
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
        said={n: say_field(n, hints[n], words, language) for n in used if n in hints},
        gives_basis="basis" in used and "basis" not in hints,
    )


def _decoded(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TemplateRefused(f"{path}: must be UTF-8") from None


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
