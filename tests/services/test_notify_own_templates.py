"""A bureau's own templates, how they are checked, and how one is previewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.tables import ChassisTable
from services.notify.api import blueprint
from services.notify.service import NotifyService
from services.notify.store.tables import Table
from services.notify.wording import TemplateRefused
from tests.services.notify_stories import (
    cleared,
    contact,
    enterprise,
    messages,
    service_on,
    tell,
)

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
OWN = "【本局】${enterprise_name}\n\n已消除：${cleared_on}。${signature} ${reference}\n"


@pytest.fixture
def service(tmp_path: Path) -> NotifyService:
    """A service on a database of its own; templates are read when it is asked first."""
    database = Database(f"sqlite:///{tmp_path / 'notify.db'}")
    for tables in (ChassisTable.metadata, Table.metadata):
        tables.create_all(database.engine)
    return service_on(database, tmp_path)


def put(service: NotifyService, name: str, text: str) -> None:
    folder = service.settings.var / "templates" / "notify"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def asked(service: NotifyService, method: str, path: str, body: Any = None) -> Any:
    client = create_app(service, TOKEN, blueprint(service)).test_client()
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": "610300"}
    return client.open(path, method=method, json=body, headers=headers)


def test_a_bureaus_own_template_stands_in_the_place_of_the_shipped_one(
    service: NotifyService,
) -> None:
    put(service, "warning_cleared_staff.zh.txt", OWN)
    tell(service, [enterprise(), contact(), cleared()])
    (told,) = messages(service.database)
    (listed,) = [
        each
        for each in asked(service, "GET", "/templates").json["templates"]
        if (each["template"], each["language"]) == ("warning_cleared_staff", "zh")
    ]

    assert told.subject == "【本局】宝鸡市样例钛业1号有限公司"
    assert (listed["own"], listed["version"]) == (True, told.template_version)


@pytest.mark.parametrize(
    ("name", "text", "because"),
    [
        ("warning_cleared_staff.zh.txt", "题\n\n${clearedon}", r"\$\{clearedon\} is unknown"),
        (
            "warning_cleared_boss.zh.txt",
            "题\n\n文",
            "there is no template warning_cleared_boss",
        ),
        ("nothing.zh.txt", "题\n\n文", "must begin with that of an event"),
        ("warning_cleared_staff.zh.txt", "只有题", "an empty line"),
    ],
)
def test_a_wrong_own_template_stops_the_start_with_words(
    service: NotifyService, name: str, text: str, because: str
) -> None:
    put(service, name, text)

    with pytest.raises(TemplateRefused, match=because):
        service.check()


def test_every_template_can_be_previewed_in_both_languages(service: NotifyService) -> None:
    listed = asked(service, "GET", "/templates").json["templates"]
    for each in listed:
        body = {"language": each["language"]}
        answer = asked(service, "POST", f"/templates/{each['template']}/preview", body)

        assert answer.status_code == 200, (each, answer.json)
        assert answer.json["version"] == each["version"]
        assert "${" not in answer.json["subject"] + answer.json["body"]


def test_a_preview_takes_given_values(service: NotifyService) -> None:
    body = {"parameters": {"number": "（宝）市监责改〔2026〕12号"}}
    answer = asked(service, "POST", "/templates/order_issued_enterprise/preview", body)

    assert "责令整改通知书（宝）市监责改〔2026〕12号" in answer.json["subject"]


def test_a_draft_can_be_seen_before_it_is_used(service: NotifyService) -> None:
    body = {"text": OWN, "parameters": {"cleared_on": "2026-03-08"}}
    answer = asked(service, "POST", "/templates/warning_cleared_staff/preview", body)

    assert "已消除：2026年3月8日。" in answer.json["body"]


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("nothing", {}, "no_such_template"),
        ("warning_cleared_staff", {"text": "题\n\n${x}"}, "template_refused"),
        ("warning_cleared_staff", {"parameters": {"x": 1}}, "parameter_unknown"),
        ("warning_cleared_staff", {"parameters": {"cleared_on": "soon"}}, "parameter_wrong"),
        ("warning_cleared_staff", {"parameters": {"cleared_by": "magic"}}, "parameter_wrong"),
        ("warning_cleared_staff", {"language": "fr"}, "fields_wrong"),
    ],
)
def test_a_preview_that_cannot_be_made_is_refused_in_words(
    service: NotifyService, name: str, body: Any, code: str
) -> None:
    answer = asked(service, "POST", f"/templates/{name}/preview", body)

    assert answer.status_code in (404, 422)
    assert answer.json["code"] == code
