"""Whether every red warning has come out at the end, once: nothing lost, nothing twice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import services.notify
from services.chassis.policy import Policy
from services.chassis.settings import SERVICES

POLICY = Path(services.notify.__file__).parent / "policy.yaml"
# What credit publishing makes of a red warning, by profile.
FOLLOWS = {
    "baoji-2013": "bad_information_published",
    "cn-current": "bad_information_drafted",
}


class Databases(Protocol):
    """What can be asked, on a bus or in one process."""

    profile: str

    def rows(self, service: str, query: str) -> list[tuple[Any, ...]]:
        """Rows of the service's own database."""


# What is told beside a red: a grade gathers what several reds of one enterprise change, the
# ladder and its digest come because days pass. How often is not what a cascade promises.
BESIDE = (
    "credit.grade_changed.v1",
    "inspection.duty_reminder_due.v1",
    "inspection.overdue_digest_due.v1",
)
CAUSES = f"SELECT DISTINCT cause_id FROM message WHERE event NOT IN {BESIDE}"  # noqa: S608
KINDS = (
    "SELECT template, addressee, count(*) FROM message "  # noqa: S608 - our own words
    f"WHERE event NOT IN {BESIDE} GROUP BY template, addressee"
)


def whole(reds: int, profile: str) -> dict[str, int]:
    """What *reds* red warnings lead to, by what is counted."""
    once = (
        "warnings",
        "warnings said",
        "warnings heard by credit",
        "entries",
        "entries said",
        *(f"told: {message}" for message in told_of_a_red(profile)),
    )
    never = (
        "said twice",
        "entries of other warnings",
        "messages of other causes",
        *(f"{what} in {service}" for service in SERVICES for what in ("waiting", "parked")),
    )
    return dict.fromkeys(once, reds) | dict.fromkeys(never, 0)


def tally(platform: Databases) -> dict[str, int]:
    """The same as it is."""
    warnings = _ids(platform, "inspection", "SELECT warning_id FROM warning")
    entries = _ids(platform, "credit", "SELECT warning_id FROM bad_information")
    causes = _ids(platform, "credit", "SELECT id FROM bad_information") + warnings
    reds_said = _said(platform, "inspection", "warning_turned_red", "warning_id")
    entries_said = _said(platform, "credit", FOLLOWS[platform.profile], "bad_information_id")
    told = _ids(platform, "notify", CAUSES)
    heard = "FROM inbox WHERE heard_by = 'credit.on_warning_turned_red'"
    return {
        "warnings": len(warnings),
        "warnings said": len(set(reds_said)),
        "warnings heard by credit": _count(platform, "credit", heard),
        "entries": len(set(entries)),
        "entries said": len(set(entries_said)),
        "said twice": len([*reds_said, *entries_said]) - len({*reds_said, *entries_said}),
        "entries of other warnings": len(set(entries) - set(warnings)),
        "messages of other causes": len(set(told) - set(causes)),
        **_messages(platform),
        **_left_over(platform),
    }


def told_of_a_red(profile: str) -> list[str]:
    """Template and addressee of each message that a red warning leads to."""
    policy = Policy.read(POLICY, profile)
    causes = {"warning_turned_red", FOLLOWS[profile]}
    return [
        f"{row['template']} {row['addressee']}"
        for row in policy.table("addressees", on=date(2013, 12, 13))
        if row["event"] in causes
    ]


def _messages(platform: Databases) -> dict[str, int]:
    found = platform.rows("notify", KINDS)
    told = dict.fromkeys(told_of_a_red(platform.profile), 0)
    told |= {f"{template} {addressee}": number for template, addressee, number in found}
    return {f"told: {message}": number for message, number in told.items()}


def _left_over(platform: Databases) -> dict[str, int]:
    waiting = {
        f"waiting in {s}": _count(platform, s, "FROM outbox WHERE sent_at IS NULL")
        for s in SERVICES
    }
    return waiting | {f"parked in {s}": _count(platform, s, "FROM parked") for s in SERVICES}


def _said(platform: Databases, service: str, fact: str, field: str) -> list[UUID]:
    rows = platform.rows(service, "SELECT type, message FROM outbox")
    wanted = f"{service}.{fact}.v1"
    return [UUID(json.loads(text)["data"][field]) for kind, text in rows if kind == wanted]


def _ids(platform: Databases, service: str, query: str) -> list[UUID]:
    return [UUID(str(row[0])) for row in platform.rows(service, query)]


def _count(platform: Databases, service: str, rest: str) -> int:
    [(number,)] = platform.rows(service, f"SELECT count(*) {rest}")
    return int(number)
