"""What changed rules or numbers would do, asked before they take effect."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate

from services.chassis import api, clock
from services.chassis.api import Refused
from services.chassis.policy import Policy, PolicyBroken
from services.inspection.api.asking import Inspection, plain
from services.inspection.handlers import simulating
from services.inspection.rules.rule_file import RuleTableBroken, read_rules
from services.inspection.rules.rule_table import RuleTable
from services.inspection.rules.ruling import ruling

_SHIPPED = Path(__file__).parents[1] / "policy.yaml"
_LONGEST = 5_000_000


class SimulationBody(Schema):
    """Rows of a rule table (CSV), numbers of a bureau's own policy (YAML), the day."""

    rules = fields.String(validate=validate.Length(max=_LONGEST), load_default=None)
    policy = fields.String(validate=validate.Length(max=_LONGEST), load_default=None)
    on = fields.Date(load_default=None, allow_none=True)


def add(views: Blueprint, service: Inspection) -> None:
    """Add these views to those of the service."""

    @views.post("/simulations")
    def simulate() -> Any:
        sent = api.body(SimulationBody)
        if not api.caller().scope.covers(service.settings.bureau):
            raise Refused("outside_scope", "规则模拟涉及全局, 只能由本局或上级发起", 403)
        if sent["rules"] is None and sent["policy"] is None:
            raise Refused("nothing_to_simulate", "请给出规则表 (rules) 或数值 (policy)", 422)
        on = sent["on"] or clock.today()
        table, policy = _changed(service, sent)
        found = simulating.simulate(
            service.database,
            ruling(service.table, service.policy, on=on),
            ruling(table, policy, on=on),
        )
        return jsonify(plain(found))


def _changed(service: Inspection, sent: dict[str, Any]) -> tuple[RuleTable, Policy]:
    """The bureau's rules with the rows laid over them, and its numbers. Raises Refused."""
    table, policy = service.table, service.policy
    with TemporaryDirectory() as folder:
        rules, numbers = Path(folder, "rules.csv"), Path(folder, "policy.yaml")
        try:
            if sent["rules"] is not None:
                rules.write_text(sent["rules"], encoding="utf-8")
                table = table.over(read_rules(rules))
            if sent["policy"] is not None:
                numbers.write_text(sent["policy"], encoding="utf-8")
                policy = Policy.read(_SHIPPED, policy.profile, numbers)
        except (RuleTableBroken, PolicyBroken) as broken:
            said = str(broken).replace(folder, "").lstrip("/")
            raise Refused(broken.code, said, 422) from None
    return table, policy
