"""The information points that this service has records of, each by its own risk setting.

A point whose records another service owns is answered by that service, in the same shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.chassis.scope import Scope
from services.events.inspection import OrderOrigin
from services.events.registry import ObjectKind
from services.inspection.handlers import alarms
from services.inspection.model import Colour, ColourCounts
from services.inspection.model.points import Figure, Point, PointState, RiskSetting
from services.inspection.rules import points as rules
from services.inspection.store import bookings, points, tallies

_MOST_WAITING = 1000
_OWN_ORIGINS = tuple(each for each in OrderOrigin if each is not OrderOrigin.SAMPLING)
_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Asked:
    """For whom and when the points are told."""

    session: Session
    scopes: Sequence[Scope]
    today: date
    at: datetime
    policy: Policy


Counted = tuple[ColourCounts, tuple[Figure, ...]]
Provider = Callable[[Asked, RiskSetting], Counted]


def told(asked: Asked) -> list[PointState]:
    """Every point that this service answers for, in the order of the policy."""
    found = []
    for point, setting in rules.settings(asked.policy, on=asked.today).items():
        counts, figures = PROVIDERS[point](asked, setting)
        found.append(PointState(setting=setting, counts=counts, figures=figures))
    return found


def _licensing(asked: Asked, setting: RiskSetting) -> Counted:
    bounds = rules.bounds(setting, today=asked.today)
    kind = ObjectKind.LICENCE
    return points.duties_of(asked.session, asked.scopes, kind, bounds), ()


def _supervision(asked: Asked, setting: RiskSetting) -> Counted:
    bounds = rules.bounds(setting, today=asked.today)
    since = date(asked.today.year, 1, 1)
    concluded = points.visits_concluded(asked.session, asked.scopes, since=since)
    problems = points.problems_found(asked.session, asked.scopes, since=since)
    return points.visits_planned(asked.session, asked.scopes, bounds), (
        Figure("visits_concluded", "今年已作结论的检查", concluded),
        Figure("problems_found", "今年检查发现的问题", problems),
        Figure(
            "bookings",
            "待答复的预约检验",
            bookings.count_requested(asked.session, asked.scopes),
        ),
    )


def _ordered(*origins: OrderOrigin) -> Provider:
    """What was ordered to be put right, by where it came from."""

    def count(asked: Asked, setting: RiskSetting) -> Counted:
        bounds = rules.bounds(setting, today=asked.today)
        return points.items_ordered(asked.session, asked.scopes, origins, bounds), ()

    return count


def _enforcement(asked: Asked, setting: RiskSetting) -> Counted:
    """Orders that did not come from a sampling, and cases whose term runs."""
    bounds = rules.bounds(setting, today=asked.today)
    items = points.items_ordered(asked.session, asked.scopes, _OWN_ORIGINS, bounds)
    running = points.cases_running(asked.session, asked.scopes, bounds)
    return rules.together(items, running), (
        Figure("items", "待整改事项", items.total),
        Figure("cases", "期限内的案件", running.total),
    )


def _complaints(asked: Asked, setting: RiskSetting) -> Counted:
    """Those with a term that runs, by the days that are left of it."""
    bounds = rules.bounds(setting, today=asked.today)
    return points.complaints_open(asked.session, asked.scopes, bounds), (
        Figure(
            "complaints_received",
            "今年收到的投诉举报",
            points.complaints_received(
                asked.session, asked.scopes, since=date(asked.today.year, 1, 1)
            ),
        ),
    )


def _analysis(asked: Asked, setting: RiskSetting) -> Counted:
    """A group is a division and a kind of object: where red gathers."""
    groups = tallies.counts(asked.session, asked.scopes)
    shares = points.shares(groups)
    red = sum(part for part, _ in shares)
    return rules.tally(
        rules.at_least(setting, rules.percent(part, whole)) for part, whole in shares
    ), (
        Figure("red_duties", "红色义务", red),
        Figure("duties", "全部义务", sum(whole for _, whole in shares)),
    )


def _interfaces(asked: Asked, setting: RiskSetting) -> Counted:
    waiting = points.waiting_since(asked.session, limit=_MOST_WAITING)
    minutes = [int((asked.at - since).total_seconds()) // _SECONDS for since in waiting]
    colours = [rules.at_least(setting, each) for each in minutes] or [Colour.GREEN]
    oldest = max(minutes, default=0)
    return rules.tally(colours), (Figure("oldest_minutes", "最久已等待分钟", oldest),)


def _settings(asked: Asked, setting: RiskSetting) -> Counted:
    found = alarms.alarms(asked.session, today=asked.today)
    check = tallies.last_check(asked.session)
    differing = len(check.differences) if check else 0
    overtaken = len(asked.policy.overtaken(on=asked.today))
    colour = rules.at_least(setting, len(found) + differing)
    counts = ColourCounts(
        green=int(colour is Colour.GREEN),
        yellow=int(colour is Colour.YELLOW) + overtaken,
        red=int(colour is Colour.RED),
    )
    return counts, (
        Figure("attestation_alarms", "研判存证告警", len(found)),
        Figure("tally_differences", "计数核对差异", differing),
        Figure("overtaken_values", "本局取值早于新出厂值", overtaken),
    )


PROVIDERS: Mapping[Point, Provider] = {
    Point.LICENSING: _licensing,
    Point.SUPERVISION: _supervision,
    Point.SAMPLING: _ordered(OrderOrigin.SAMPLING),
    Point.ENFORCEMENT: _enforcement,
    Point.COMPLAINTS: _complaints,
    Point.ANALYSIS: _analysis,
    Point.INTERFACES: _interfaces,
    Point.SETTINGS: _settings,
}
