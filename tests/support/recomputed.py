"""A year worked out a second time, from what was stated of each object, by other code.

Nothing of the services' rules is used here: the table of cycles is read as a table, days are
counted one by one, working days come from another library. It is slow and simple on purpose.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
from dateutil.relativedelta import relativedelta

import services.inspection

RULES = Path(services.inspection.__file__).parent / "data" / "duty_rules.csv"
ONE = timedelta(days=1)
TERM_DAYS = 15
WORST_FIRST = ("red", "yellow", "grey", "green")

Facts = Mapping[str, Any]  # the data of a registry.object_recorded.v1


@dataclass(frozen=True)
class Owed:
    """One duty of one object: when it is due, when it turns yellow."""

    duty: str
    due_on: date | None
    yellow_on: date | None
    done_on: date | None
    runs: bool
    endangers: bool

    def colour(self, today: date) -> str:
        if self.due_on is None or self.yellow_on is None or not self.runs:
            return "grey"
        if today > self.due_on:
            return "red"
        return "yellow" if today >= self.yellow_on else "green"


@dataclass
class Held:
    """One red warning and what credit publishing made of it."""

    object_id: str
    duty: str
    was_due_on: date
    red_on: date
    done_before: date | None
    endangers: bool
    last_day: date
    over: str | None = None  # done, out_of_service, corrected_data
    escalated: bool = False

    @property
    def step(self) -> str:
        return "safety_alert_raised" if self.endangers else "enterprise_blacklisted"


@dataclass
class Expected:
    """What must have come out, day by day and in all."""

    duties: dict[date, Counter[str]] = field(default_factory=dict)
    objects: dict[date, Counter[str]] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    said: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


class Recomputation:
    """Goes through the days in order: `heard`, then `evaluated`, then `swept`."""

    def __init__(self, first: date, last: date) -> None:
        self.rules = list(_rules(first, last))
        self.facts: dict[str, Facts] = {}
        self.owed: dict[str, list[Owed]] = {}
        self.standing: dict[tuple[str, str], Held] = {}
        self.raised: set[tuple[str, str, date]] = set()
        self.expected = Expected()

    def day(self, today: date, stated: Sequence[Facts]) -> None:
        """Everything of one day."""
        for facts in stated:
            self._hear(facts, today)
        self._evaluate(today)
        self._sweep(today)

    def _hear(self, facts: Facts, today: date) -> None:
        key = str(facts["object_id"])
        self.facts[key] = facts
        self.owed[key] = list(_owed(facts, self.rules))
        for owed in self.owed[key]:
            held = self.standing.get((key, owed.duty))
            if held is not None and (over := _over(held, owed)):
                self._end(held, over, owed, today)

    def _end(self, held: Held, over: str, owed: Owed, today: date) -> None:
        said = self.expected.said[today]
        del self.standing[held.object_id, held.duty]
        held.over = over
        said["warning_cleared"] += 1
        if over == "corrected_data":
            said["bad_information_withdrawn"] += 1
            said["escalation_lifted"] += held.escalated
            return
        corrected_on = min(owed.done_on or today, today) if over == "done" else today
        late = corrected_on > held.last_day
        if late and not held.escalated and today > held.last_day:
            said[held.step] += 1
            held.escalated = True
        if not late and held.escalated:
            said["escalation_lifted"] += 1
        said["bad_information_corrected"] += 1

    def _evaluate(self, today: date) -> None:
        duties: Counter[str] = Counter()
        objects: Counter[str] = Counter()
        for key, owes in self.owed.items():
            shown = [owed.colour(today) for owed in owes]
            duties.update(shown)
            objects[next((c for c in WORST_FIRST if c in shown), "grey")] += 1
            for owed, colour in zip(owes, shown, strict=True):
                if colour == "red":
                    self._raise(key, owed, today)
        self.expected.duties[today] = duties
        self.expected.objects[today] = objects

    def _raise(self, key: str, owed: Owed, today: date) -> None:
        assert owed.due_on is not None
        if (key, owed.duty, owed.due_on) in self.raised:
            return
        self.raised.add((key, owed.duty, owed.due_on))
        held = Held(
            key,
            owed.duty,
            owed.due_on,
            today,
            owed.done_on,
            owed.endangers,
            _working_day(today + timedelta(days=TERM_DAYS)),
        )
        self.standing[key, owed.duty] = held
        self.expected.held.append(held)
        self.expected.said[today]["warning_turned_red"] += 1
        self.expected.said[today]["bad_information_published"] += 1

    def _sweep(self, today: date) -> None:
        for held in self.standing.values():
            if not held.escalated and today > held.last_day:
                held.escalated = True
                self.expected.said[today][held.step] += 1


def _over(held: Held, owed: Owed) -> str | None:
    if not owed.runs:
        return "out_of_service"
    if owed.due_on == held.was_due_on:
        return None
    newer = owed.done_on is not None and (
        held.done_before is None or owed.done_on > held.done_before
    )
    if newer and owed.done_on is not None and owed.done_on > held.was_due_on:
        return "done"
    return "corrected_data"


def _rules(first: date, last: date) -> Iterator[dict[str, str]]:
    """The rows in force in all of a period in which none takes effect."""
    latest: dict[str, dict[str, str]] = {}
    with RULES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            begins = date.fromisoformat(row["valid_from"])
            assert not first < begins <= last, f"{row['id']} changes within the year"
            known = latest.get(row["id"])
            if begins <= first and (known is None or known["valid_from"] < row["valid_from"]):
                latest[row["id"]] = row
    yield from latest.values()


def _owed(facts: Facts, rules: Sequence[Mapping[str, str]]) -> Iterator[Owed]:
    records = _latest_records(facts["records"])
    chosen = _chosen(facts, rules)
    wanted = [duty for duty, rule in chosen.items() if rule["required"] == "yes"]
    wanted += [
        duty
        for duty, record in records.items()
        if duty not in wanted
        and (
            duty not in chosen
            or record["done_on"]
            or record["stated_due_on"]
            or record["cycle_months"]
        )
    ]
    for duty in wanted:
        rule = chosen.get(duty)
        record = _met(records, duty, rule)
        due_on, cycle = _due(facts, record, rule)
        endangers = rule["endangers_safety"] == "yes" if rule else facts["kind"] == "equipment"
        yield Owed(
            duty,
            due_on,
            _yellow(due_on, cycle),
            record["done_on"] if record else None,
            facts["status"] == "in_use",
            endangers,
        )


def _met(
    records: Mapping[str, dict[str, Any]], duty: str, rule: Mapping[str, str] | None
) -> dict[str, Any] | None:
    """The last record of a duty, or of the other one that does it as well."""
    own, other = records.get(duty), records.get(rule["met_by"]) if rule else None
    if not other or not other["done_on"]:
        return own
    if own and own["done_on"] and own["done_on"] >= other["done_on"]:
        return own
    return {
        "done_on": other["done_on"],
        "stated_due_on": None,
        "cycle_months": own["cycle_months"] if own else None,
    }


def _latest_records(stated: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    latest: dict[str, dict[str, Any]] = {}
    for each in stated:
        record = dict(each)
        for name in ("done_on", "stated_due_on"):
            record[name] = date.fromisoformat(each[name]) if each[name] else None
        known = latest.get(record["duty"])
        weight = (record["done_on"] or date.min, record["stated_due_on"] or date.min)
        if known is None or weight > (
            known["done_on"] or date.min,
            known["stated_due_on"] or date.min,
        ):
            latest[record["duty"]] = record
    return latest


def _chosen(facts: Facts, rules: Sequence[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """Of each duty the rule that fits most closely."""
    best: dict[str, tuple[Any, Mapping[str, str]]] = {}
    for rule in rules:
        traits = {trait.strip().casefold() for trait in rule["traits"].split("|") if trait}
        has = {trait.strip().casefold() for trait in facts["traits"]}
        lengths = [
            length
            for code in rule["class_codes"].split("|")
            if (length := _fits(code.strip(), facts["class_code"])) is not None
        ]
        if rule["object_kind"] != facts["kind"] or not lengths or (traits and not traits & has):
            continue
        weight = (max(lengths), bool(traits), rule["valid_from"], rule["id"])
        if rule["duty"] not in best or weight > best[rule["duty"]][0]:
            best[rule["duty"]] = weight, rule
    return {duty: rule for duty, (_, rule) in best.items()}


def _fits(code: str, of_object: str) -> int | None:
    """How many characters of a rule's class code an object's code shares; None: not its."""
    of_object = of_object.replace(" ", "").upper()
    if code == "*":
        return 0
    catalogue = len(code) == 4 and code[0] in "0123456789F"
    head = code.rstrip("0") if catalogue else code
    if not of_object.startswith(head):
        return None
    rest = of_object[len(head) :]
    if catalogue or not rest:
        return len(head)
    goes_on = rest[0].isdigit() == head[-1].isdigit() and rest[0].isalnum()
    return None if goes_on else len(head)


def _due(
    facts: Facts, record: Mapping[str, Any] | None, rule: Mapping[str, str] | None
) -> tuple[date | None, int | timedelta | None]:
    """The day, and the cycle: in months, in days, or unknown."""
    done = record["done_on"] if record else None
    stated = record["stated_due_on"] if record else None
    own = record["cycle_months"] if record else None
    months = _number(rule, "months")
    if stated and (done is None or stated > done):
        if own is None and done is not None:
            return stated, _full_months(done, stated) or stated - done
        return stated, own if own is not None else months or _days(rule)
    begun = facts["commissioned_on"] and date.fromisoformat(facts["commissioned_on"])
    if done:
        if own is None and rule:
            return _again(begun, done, rule)
        return (done + relativedelta(months=own), own) if own else (None, None)
    return _first(begun, own, rule) if begun else (None, None)


def _again(
    begun: date | None, done: date, rule: Mapping[str, str]
) -> tuple[date | None, int | timedelta | None]:
    months = _number(rule, "months")
    if rule["scheduled_years"] and begun:
        return _scheduled(begun, done, rule), months
    if cycle_days := _days(rule):
        return done + cycle_days, cycle_days
    aged = rule["aged_years"] and begun and begun + relativedelta(years=int(rule["aged_years"]))
    if aged and done > aged:
        months = int(rule["aged_months"])
    return (done + relativedelta(months=months), months) if months else (None, None)


def _first(
    begun: date, own: int | None, rule: Mapping[str, str] | None
) -> tuple[date | None, int | timedelta | None]:
    months = _number(rule, "months")
    if rule and rule["scheduled_years"]:
        return _scheduled(begun, None, rule), months
    if first_days := _days(rule):
        return begun + first_days, first_days
    first = next((m for m in (_number(rule, "first_months"), own, months) if m), None)
    return (begun + relativedelta(months=first), first) if first else (None, None)


def _scheduled(begun: date, done: date | None, rule: Mapping[str, str]) -> date:
    years = [int(year) for year in rule["scheduled_years"].split("|")]
    years += range(years[-1] + 1, years[-1] + 100)
    early = relativedelta(months=int(rule["early_months"] or 0))
    days = (begun + relativedelta(years=year) for year in years)
    return next(day for day in days if done is None or done < day - early)


def _yellow(due_on: date | None, cycle: int | timedelta | None) -> date | None:
    if due_on is None:
        return None
    if isinstance(cycle, timedelta):
        return due_on - timedelta(days=min(30, cycle.days // 2))
    if cycle is not None and cycle <= 6:
        whole = due_on - (due_on - relativedelta(months=cycle))
        return due_on - timedelta(days=min(30, whole.days // 2))
    return due_on - relativedelta(months=6 if cycle is None else min(6, cycle // 2))


def _full_months(start: date, until: date) -> int:
    months = 0
    while start + relativedelta(months=months + 1) <= until + ONE:
        months += 1
    return months


def _days(rule: Mapping[str, str] | None) -> timedelta | None:
    return timedelta(days=int(rule["days"])) if rule and rule["days"] else None


def _number(rule: Mapping[str, str] | None, name: str) -> int | None:
    return int(rule[name]) if rule and rule[name] else None


def _working_day(day: date) -> date:
    while not chinese_calendar.is_workday(day):
        day += ONE
    return day
