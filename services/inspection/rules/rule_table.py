"""规则的适用 — which duties objects owe by the dated table; a bureau's own rows lie over it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from services.events.registry import DutyKind, ObjectKind
from services.inspection.model import DutyRule
from services.inspection.rules.codes import is_for, stem
from services.inspection.rules.rule_file import read_rules, tidy_trait

SHIPPED = Path(__file__).parents[1] / "data" / "duty_rules.csv"
_DIGEST_DIGITS = 12
_KNOWN_CLASSES = 4096


class RuleTable:
    """All wordings of all rules. It never changes once read."""

    def __init__(self, rules: Iterable[DutyRule]) -> None:
        self._rules = {rule.version_id: rule for rule in rules}
        self._books: dict[tuple[str, ...], RulesInForce] = {}

    @classmethod
    def read(cls, own: Path | None = None) -> RuleTable:
        """The shipped table; a bureau's own rows replace those of the same id and day.

        Raises RuleTableBroken.
        """
        return cls([*read_rules(SHIPPED), *(read_rules(own) if own else ())])

    def over(self, rules: Iterable[DutyRule]) -> RuleTable:
        """Another table, with these rows laid over the ones of the same id and day."""
        return RuleTable([*self._rules.values(), *rules])

    def in_force(self, on: date) -> RulesInForce:
        """Of each rule, the wording that took effect last by that day."""
        latest: dict[str, DutyRule] = {}
        for rule in self._rules.values():
            known = latest.get(rule.id)
            if rule.valid_from <= on and (known is None or known.valid_from < rule.valid_from):
                latest[rule.id] = rule
        key = tuple(sorted(rule.version_id for rule in latest.values()))
        if key not in self._books:
            self._books[key] = RulesInForce(latest.values())
        return self._books[key]

    def wording(self, version_id: str) -> DutyRule | None:
        """The rule as it was worded when something was decided by it; None if it is gone."""
        return self._rules.get(version_id)


class RulesInForce:
    """The rules that hold on one day."""

    def __init__(self, rules: Iterable[DutyRule]) -> None:
        self.rules: Mapping[str, DutyRule] = {rule.id: rule for rule in rules}
        self._chosen = lru_cache(maxsize=_KNOWN_CLASSES)(self._choose)

    def of(
        self, kind: ObjectKind, class_code: str, traits: Iterable[str]
    ) -> Mapping[DutyKind, DutyRule]:
        """The rule of each duty that such an object may owe.

        类别代码最具体的规则优先; 同样具体的, 写明条件且对象符合的优先; 再同的, 后生效的优先.
        """
        return self._chosen(kind, class_code, tuple(traits))

    def digests(self) -> dict[str, str]:
        """Of each rule, by id, what stands for its whole wording: a changed one differs."""
        return {rule.id: _digest(asdict(rule)) for rule in self.rules.values()}

    def version(self) -> str:
        """Twelve hex digits that stand for all rules in force."""
        return _digest(self.digests())

    def _choose(
        self, kind: ObjectKind, class_code: str, traits: tuple[str, ...]
    ) -> Mapping[DutyKind, DutyRule]:
        has = frozenset(tidy_trait(trait) for trait in traits)
        best: dict[DutyKind, tuple[Any, DutyRule]] = {}
        for rule in self.rules.values():
            if rule.object_kind is not kind or not (not rule.traits or rule.traits & has):
                continue
            exact = [len(stem(code)) for code in rule.classes if is_for(code, class_code)]
            if not exact:
                continue
            weight = (max(exact), bool(rule.traits), rule.valid_from, rule.id)
            if rule.duty not in best or weight > best[rule.duty][0]:
                best[rule.duty] = (weight, rule)
        return {duty: rule for duty, (_, rule) in best.items()}


def _digest(thing: Any) -> str:
    canonical = json.dumps(
        thing, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    return sha256(canonical.encode()).hexdigest()[:_DIGEST_DIGITS]


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat()
