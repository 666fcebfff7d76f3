"""Every operation of the public API, with right and wrong input of every kind.

No answer is a failure of the server, none has a status, a media type or a shape that the
description does not name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.portal.web import limits
from tests.support.api_city import api_city, token

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 30  # of each operation and each mode; the operations are about twenty-five
MODES = list(GenerationMode)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """The description as a program reads it, and a token that opens everything."""
    with api_city(tmp_path_factory.mktemp("city") / "var") as house:
        limits.limiter.enabled = False  # a limit is no answer to what was sent
        try:
            schema = openapi.from_wsgi("/api/v1/openapi.json", house.pages)
            schema.config.generation.update(with_security_parameters=False)  # else all is 401
            yield schema, token(house)
        finally:
            limits.limiter.enabled = True


@pytest.mark.parametrize("mode", MODES, ids=[mode.value for mode in MODES])
def test_whatever_is_sent_the_answer_is_a_described_one(
    described: tuple[Any, str], mode: GenerationMode
) -> None:
    schema, secret = described
    operations = [found.ok() for found in schema.get_all_operations()]

    answered = {each.label: statuses_of(each, mode, secret) for each in operations}

    assert len(answered) >= 20
    assert all(answered.values()), answered
    right = mode is GenerationMode.POSITIVE
    assert 200 in answered["GET /api/v1/bad-information"]
    assert right or 422 in answered["POST /api/v1/records"], answered["POST /api/v1/records"]


def statuses_of(operation: Any, mode: GenerationMode, secret: str) -> set[int]:
    """What an operation answered. Raises what a check of schemathesis finds."""
    seen: set[int] = set()

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        headers = {"Authorization": f"Bearer {secret}"}
        seen.add(case.call_and_validate(headers=headers, checks=CHECKS).status_code)

    send()
    return seen
