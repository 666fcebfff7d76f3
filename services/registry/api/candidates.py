"""Who may be the same: proposed to a person, who merges or keeps apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import fields

from services.chassis import api
from services.registry.api.merges import ReasonBody, refusals_in_words
from services.registry.api.serving import PageQuery, Service, page_of
from services.registry.handlers import resembling
from services.registry.model import CandidateState
from services.registry.rules import likeness
from services.registry.store import candidates
from services.registry.store.tables import CandidateRow, EnterpriseRow

_SHOWN = ("name", "uscc", "organisation_code", "registration_number", "division", "address")


class CandidatesQuery(PageQuery):
    """Which candidates."""

    state = fields.Enum(CandidateState, by_value=True, load_default=CandidateState.PROPOSED)


class ChoiceBody(ReasonBody):
    """Which of the two stands for both; the fuller file if it is not said."""

    survivor_id = fields.UUID(load_default=None)


def add_views(views: Blueprint, service: Service) -> None:
    """The list, and the two decisions."""

    @views.get("/identity/candidates")
    def candidates_listed() -> Any:
        asked = api.query(CandidatesQuery)
        with service.database.reading() as session:
            found = candidates.page(session, scope=api.caller().scope, **asked)
            items = [_candidate(*each) for each in found]
        return jsonify(page_of(items, asked["limit"]))

    @views.post("/identity/candidates/<uuid:candidate_id>/merge")
    def merge_candidate(candidate_id: UUID) -> Any:
        asked, caller = api.body(ChoiceBody), api.caller()
        with refusals_in_words():
            return api.write(
                service.database,
                lambda session: resembling.merge(
                    session,
                    candidate_id,
                    survivor=asked["survivor_id"],
                    scope=caller.scope,
                    by=caller.name,
                    reason=asked["reason"],
                ),
                status=201,
            )

    @views.post("/identity/candidates/<uuid:candidate_id>/keep-apart")
    def keep_candidate_apart(candidate_id: UUID) -> Any:
        asked, caller = api.body(ReasonBody), api.caller()
        with refusals_in_words():
            return api.write(
                service.database,
                lambda session: resembling.keep_apart(
                    session,
                    candidate_id,
                    scope=caller.scope,
                    by=caller.name,
                    reason=asked["reason"],
                ),
            )

    @views.post("/identity/search")
    def find_candidates() -> Any:
        return jsonify(compared=resembling.find_all(service.database, policy=service.policy))


def _candidate(found: CandidateRow, one: EnterpriseRow, other: EnterpriseRow) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "state": found.state,
        "points": found.points,
        "why": "; ".join(likeness.WORDS[sign] for sign in found.signs),
        "enterprises": [
            {"id": str(each.id)} | {name: getattr(each, name) for name in _SHOWN}
            for each in (one, other)
        ],
        "found_at": found.found_at.isoformat(),
        "decided_at": found.decided_at and found.decided_at.isoformat(),
        "decided_by": found.decided_by,
        "reason": found.reason,
        "merge_id": found.merge_id and str(found.merge_id),
    }
