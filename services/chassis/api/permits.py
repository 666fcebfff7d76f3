"""Who may call what: roles for each call, as data; a call without a line does not start.

A line names roles or sets of roles. A caller that speaks for itself alone (`own`) may call only
what has `own=...`, which says how it is known that what it asks for is its own:

own=free          there is nothing to own
own=query:NAME    the query parameter NAME must be there and be the caller's id
own=path:NAME     the part NAME of the address must be the caller's id
own=WORD          the service finds the owners of what the address names (OWNERS[WORD])

The installation's own role, `operator`, may call everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from flask import Flask, request
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.api.calls import Caller, Refused
from services.chassis.database import Database

OPERATOR = "operator"
OPEN = frozenset({"/healthz", "/readyz", "/metrics"})  # for probes, without a token
OWN = "own="

Owners = Mapping[str, Callable[[Session, Mapping[str, Any]], set[UUID]]]


class PermitsBroken(Exception):
    """A call without a line, a line without a call, a word that is not known."""


@dataclass(frozen=True)
class Permit:
    """Who may make one call. *own*: how ownership is known; None: not for such callers."""

    roles: frozenset[str]
    own: str | None


@dataclass(frozen=True)
class Permits:
    """All lines of a service."""

    lines: Mapping[str, Permit]
    owners: Owners
    database: Database
    roles: Mapping[str, str] = field(default_factory=dict)  # as people call them

    @classmethod
    def read(cls, *files: Path, owners: Owners, database: Database) -> Permits:
        """From YAML: `roles`, `sets` of them, and `calls`. Raises PermitsBroken."""
        roles: dict[str, str] = {}
        sets: dict[str, list[str]] = {}
        lines: dict[str, Permit] = {}
        for file in files:
            read = yaml.safe_load(file.read_text(encoding="utf-8"))
            roles |= read.get("roles") or {}
            sets |= read.get("sets") or {}
            for call, words in read["calls"].items():
                lines[call] = _permit(words.split(), sets, owners, f"{file}: {call}")
        permits = cls(lines, owners, database, roles)
        permits._check_roles()
        return permits

    def check(self, app: Flask) -> None:
        """Every call has a line and every line a call. Raises PermitsBroken."""
        calls = {call for rule in app.url_map.iter_rules() for call in _calls(rule)}
        if unknown := sorted(calls ^ set(self.lines)):
            raise PermitsBroken(
                f"{app.name}: a call without a line or a line without: {unknown}"
            )

    def refuse(self, caller: Caller) -> None:
        """Raise Refused unless the caller may make the request in hand."""
        rule = request.url_rule
        if rule is None or OPERATOR in caller.roles:
            return
        method = "GET" if request.method == "HEAD" else request.method
        permit = self.lines.get(f"{method} {rule.rule}")
        if permit is None:
            return  # no such call: the answer is 404 or 405
        if caller.own is not None:
            self._refuse_foreign(caller.own, permit)
        elif caller.roles.isdisjoint(self.roles):
            raise self._no_such_role(caller.roles)
        elif caller.roles.isdisjoint(permit.roles):
            raise self._not_allowed(permit)

    def _refuse_foreign(self, own: UUID, permit: Permit) -> None:
        if permit.own is None:
            raise self._not_allowed(permit)
        how, _, name = permit.own.partition(":")
        if how == "free":
            return
        with self.database.reading() as session:
            mine = set(aliases.together(session, own)) | {own}
            if how in ("query", "path"):
                given = request.args if how == "query" else request.view_args or {}
                asked = {_number(given.get(name))} - {None}
            else:
                asked = set(self.owners[how](session, request.view_args or {}))
        if not asked & mine:
            raise Refused("not_found", "没有找到,或不属于您 (not there, or not yours)", 404)

    def _check_roles(self) -> None:
        for call, permit in self.lines.items():
            if unknown := sorted(permit.roles - set(self.roles)):
                raise PermitsBroken(f"{call}: there is no such role: {unknown}")

    def _no_such_role(self, named: frozenset[str]) -> Refused:
        return Refused(
            "role_unknown",
            f"没有这样的角色: {'、'.join(sorted(named))};角色有 {'、'.join(sorted(self.roles))}",
            403,
        )

    def _not_allowed(self, permit: Permit) -> Refused:
        named = "、".join(self.roles[role] for role in sorted(permit.roles))
        return Refused(
            "role_not_allowed",
            f"您的角色不能进行这项操作;可以由以下角色进行: {named or '无'}",
            403,
            roles=sorted(permit.roles),
        )


def _permit(words: list[str], sets: Mapping[str, list[str]], owners: Owners, at: str) -> Permit:
    own = [word.removeprefix(OWN) for word in words if word.startswith(OWN)]
    how = own[0].partition(":")[0] if own else None
    if how and how not in ("free", "query", "path") and how not in owners:
        raise PermitsBroken(f"{at}: nobody knows the owners of {how}")
    named = [word for word in words if not word.startswith(OWN)]
    roles = frozenset(role for word in named for role in sets.get(word, [word]))
    return Permit(roles, own[0] if own else None)


def _calls(rule: Any) -> set[str]:
    if rule.rule in OPEN:
        return set()
    return {f"{method} {rule.rule}" for method in rule.methods - {"HEAD", "OPTIONS"}}


def _number(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
