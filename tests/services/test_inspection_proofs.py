"""Evidence of orders and cases: kept first, then named; seen by whoever may see the act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.services.order_stories import (
    CITY,
    PHOTO,
    PICTURE,
    TOKEN,
    TWO,
    WEIBIN,
    Bureau,
    a_bureau,
)


@pytest.fixture
def bureau(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    with a_bureau(database_url("inspection"), tmp_path, monkeypatch) as opened:
        yield opened


def headers(scope: str = CITY) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {TOKEN}",
        "X-Bianque-Scope": scope,
        "X-Bianque-Caller": "li",
    }


def a_photograph() -> bytes:
    data = BytesIO()
    Image.new("RGB", (8, 8), "grey").save(data, "JPEG")
    return data.getvalue()


def test_a_file_is_kept_and_then_named(bureau: Bureau) -> None:
    data = a_photograph()
    order = bureau.issue(bureau.knows())

    kept: Any = bureau.client.post("/evidence", data=data, headers=headers())
    bureau.on_item(order, 0, "proof", evidence=[kept.json["sha256"]])
    path = f"/orders/{order['order_id']}/evidence/{kept.json['sha256']}"
    seen = bureau.client.get(path, headers=headers())

    assert (kept.status_code, kept.json["sha256"]) == (201, sha256(data).hexdigest())
    assert (seen.data, seen.content_type) == (data, "image/jpeg")
    assert bureau.client.get(path, headers=headers(WEIBIN)).status_code == 404


def test_what_was_not_kept_cannot_be_named(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())

    refused = bureau.refused(bureau.item(order, 0, "proof"), evidence=["b" * 64])

    assert refused["code"] == "evidence_unknown"


def test_a_file_that_no_act_names_is_not_shown(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    path = f"/orders/{order['order_id']}/evidence/{PHOTO}"

    assert bureau.client.get(path, headers=headers()).status_code == 404


def test_evidence_of_a_case_is_seen_with_the_case(bureau: Bureau) -> None:
    case = bureau.post(
        "/cases",
        enterprise_id=bureau.knows(),
        origin="visit",
        matter="label_defect",
        description="标识不符",
    )
    path = f"/cases/{case['case_id']}/evidence"
    bureau.post(path, evidence=[PHOTO], officers=TWO, note="现场照片")

    assert bureau.client.get(f"{path}/{PHOTO}", headers=headers()).data == PICTURE


@pytest.mark.parametrize(
    "data",
    [b"", b"MZ\x90\x00 a program", b"plain words"],
    ids=["nothing", "a program", "words"],
)
def test_what_is_no_evidence_is_refused_by_its_content(bureau: Bureau, data: bytes) -> None:
    refused: Any = bureau.client.post("/evidence", data=data, headers=headers())

    assert (refused.status_code, refused.json["code"]) == (409, "evidence_type_not_allowed")
