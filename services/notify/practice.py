"""What the bureau has laid down for notices, read from policy.yaml and checked at once.

A table of addressees that names no template, or a template whose legal basis is not on
file, stops the service at start and not at the first message of a night.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from services.chassis.policy import Policy
from services.chassis.settings import SettingBroken
from services.events.registry import ObjectKind
from services.notify import rules
from services.notify.model import Addressee, Caution, Desk, Medium, Pace, Patience, Quiet, Told
from services.notify.wording import TOLD, House, Letter, Subject, Wording, fact
from services.notify.words import LANGUAGES

LONGEST_PAUSE = timedelta(minutes=5)
OF_ENTERPRISE = frozenset({Addressee.ENTERPRISE, Addressee.OFFICER})


class PracticeBroken(SettingBroken):
    """policy.yaml cannot be followed; the message names the entry and what would be right."""

    code = "notice_policy_broken"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What differs from one installation to the next.

    *outside* tells what stands for a medium: itself, the log (trial), or nothing if it is
    absent. *robots*: the accounts that have one.
    """

    bureau: str
    language: str
    outside: Mapping[Medium, Medium]
    robots: frozenset[tuple[str, Medium]] = frozenset()
    trial: bool = False


class Practice:
    """Who is told what, on which basis and how patiently, on any day."""

    def __init__(self, policy: Policy, wording: Wording, installation: Installation) -> None:
        self.policy = policy
        self.wording = wording
        self.installation = installation
        self._told: dict[str, Mapping[str, tuple[Told, ...]]] = {}
        self._houses: dict[tuple[str, str], House] = {}
        for day in self._days_of_change():
            self._check(day)

    def told_of(self, event: Subject, day: date) -> tuple[Told, ...]:
        """Whom an event of that day tells, and how. Raises NotInForce before the first day."""
        version = self.policy.version(on=day)
        if version not in self._told:
            self._told[version] = self._read_table(day)
        return self._told[version].get(fact(event), ())

    def house(self, day: date) -> House:
        """What the bureau says of itself, in the installation's language."""
        return self.house_in(self.installation.language, day)

    def house_in(self, language: str, day: date) -> House:
        """The same in any language."""
        key = self.policy.version(on=day), language
        if key not in self._houses:
            self._houses[key] = self._read_house(day, language)
        return self._houses[key]

    def patience(self, day: date) -> Patience:
        """How a delivery is tried again."""
        rows = self.policy.table("retry_pauses", on=day)
        return Patience(
            pauses=tuple(timedelta(seconds=int(row["seconds"])) for row in rows),
            give_up_after=timedelta(hours=self.policy.number("give_up_after_hours", on=day)),
            lease=timedelta(seconds=self.policy.number("lease_seconds", on=day)),
            webhook=timedelta(hours=self.policy.number("webhook_disable_after_hours", on=day)),
        )

    def quiet(self, day: date) -> tuple[Quiet, ...]:
        """The nights of each medium."""
        try:
            return tuple(
                Quiet(
                    medium=Medium(row["media"]),
                    begins=time.fromisoformat(row["begins"]),
                    ends=time.fromisoformat(row["ends"]),
                )
                for row in self.policy.table("quiet_hours", on=day)
            )
        except (KeyError, ValueError) as error:
            raise PracticeBroken(f"quiet_hours: {error}; needed is 21:00") from None

    def digest_times(self, day: date) -> tuple[time, ...]:
        """When digests are made."""
        rows = self.policy.table("digest_times", on=day)
        try:
            return tuple(time.fromisoformat(row["at"]) for row in rows)
        except (KeyError, ValueError) as error:
            raise PracticeBroken(f"digest_times: {error}; needed is at: 08:30") from None

    def unread_after(self, day: date) -> tuple[timedelta, ...]:
        """How long an urgent message may lie unread before the next one above is told."""
        rows = self.policy.table("unread_escalation", on=day)
        return tuple(timedelta(hours=int(row["after_hours"])) for row in rows)

    def pace(self, day: date) -> Pace:
        """How long one sending may take, and how careful and how fast it goes."""
        most = self.policy.number("robot_messages_per_minute", on=day)
        return Pace(
            seconds=self.policy.number("send_seconds", on=day),
            caution=self._caution(day),
            robot_messages_per_minute=most,
        )

    def _caution(self, day: date) -> Caution:
        return Caution(
            window=timedelta(minutes=self.policy.number("provider_window_minutes", on=day)),
            slow_after=timedelta(seconds=self.policy.number("provider_slow_seconds", on=day)),
            fewest_tries=self.policy.number("provider_fewest_tries", on=day),
            probing_percent=self.policy.number("provider_probing_percent", on=day),
        )

    def _days_of_change(self) -> list[date]:
        """Every day on which anything changes, from when everything has a value."""
        histories = [[d.since for d in self.policy.history(name)] for name in self.policy.names]
        first = max(min(days) for days in histories)
        return sorted({max(day, first) for days in histories for day in days})

    def _check(self, day: date) -> None:
        patience = self.patience(day)
        if max(patience.pauses) > LONGEST_PAUSE:
            raise PracticeBroken(f"retry_pauses: no pause is longer than {LONGEST_PAUSE}")
        if patience.lease.total_seconds() <= self.policy.number("send_seconds", on=day):
            raise PracticeBroken("lease_seconds must be more than send_seconds")
        self.quiet(day)
        self.digest_times(day)
        self.unread_after(day)
        for event in TOLD:
            for told in self.told_of(event, day):
                self._check_basis(event, told.template, day)

    def _check_basis(self, event: Subject, template: str, day: date) -> None:
        about = (
            [kind.value for kind in ObjectKind]
            if "object_kind" in event.wire.hints
            else [fact(event)]
        )
        for language in LANGUAGES:
            letter: Letter = self.wording.letters[template, language]
            basis = self._read_house(day, language).basis
            missing = [one for one in about if one not in basis]
            if letter.gives_basis and missing:
                raise PracticeBroken(
                    f"legal_basis has no row about {missing[0]} on {day}, "
                    f"which {template}.{language}.txt cites"
                )

    def _read_table(self, day: date) -> Mapping[str, tuple[Told, ...]]:
        known = {fact(event): event for event in TOLD}
        told: dict[str, tuple[Told, ...]] = {}
        for row in self.policy.table("addressees", on=day):
            name = str(row.get("event"))
            if name not in known:
                raise PracticeBroken(f"addressees: {name} is no event; {', '.join(known)} are")
            told[name] = (*told.get(name, ()), self._read_row(row, known[name]))
        return told

    def _read_row(self, row: Mapping[str, Any], event: Subject) -> Told:
        outside = self.installation.outside
        try:
            media = [Medium(medium) for medium in row["media"]]
            ways = rules.ways_out(media, outside)
            told = Told(
                addressee=Addressee(row["addressee"]),
                template=row["template"],
                ways=ways,
                no_channel=Medium.EMAIL if Medium.EMAIL in media and not ways else None,
                desk=Desk(row["desk"]) if "desk" in row else None,
                again_when=tuple(row.get("again_when", ())),
                formerly=tuple(row["formerly"]) if "formerly" in row else None,
                account_from=row.get("account"),
                urgent=row.get("urgent") is True,
                digest=row.get("digest") is True,
            )
        except (KeyError, ValueError) as error:
            raise PracticeBroken(f"addressees: {dict(row)}: {error}") from None
        self._check_row(row, told, media, event)
        return told

    def _check_row(
        self, row: Mapping[str, Any], told: Told, media: Sequence[Medium], event: Subject
    ) -> None:
        for wrong, right in (
            (self.wording.event_of(told.template) is not event, f"a template of {fact(event)}"),
            (Medium.INBOX not in media, "media with inbox: it is always told there"),
            (
                (told.desk is None) == (told.addressee is Addressee.BUREAU),
                "a desk for the bureau, and only for the bureau",
            ),
            (
                told.addressee in OF_ENTERPRISE and "enterprise_id" not in event.wire.hints,
                f"an addressee that {fact(event)} names: it concerns no enterprise",
            ),
            (
                (told.account_from in event.wire.hints)
                is not (told.addressee is Addressee.NAMED),
                f"an account, a field of {fact(event)}, for {Addressee.NAMED}, and only there",
            ),
            (
                set(told.again_when) - set(event.wire.hints),
                f"again_when: fields of {fact(event)}",
            ),
            (
                set(told.formerly or ()) - set(event.wire.hints),
                f"formerly: fields of {fact(event)}",
            ),
        ):
            if wrong:
                raise PracticeBroken(f"addressees: {dict(row)}: needed is {right}")

    def _read_house(self, day: date, language: str) -> House:
        bases = self.policy.table("legal_basis", on=day)
        return House(
            signature=self.policy.text(f"signature_{language}", on=day),
            enquiries=self.policy.text(f"enquiries_{language}", on=day),
            remedy=self.policy.text(f"remedy_{language}", on=day),
            basis={str(about): str(row[language]) for row in bases for about in row["about"]},
        )
