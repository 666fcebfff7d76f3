"""No text and no sequence of calls publishes personal data, or anything without its grounds.

The machine plays clerks, an enterprise and the press at random. Texts are ordinary words in
which some personal data are hidden in one of the ways in which people write them. What it
looks for is the hidden value itself, read as a person would read it: only digits and letters.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from structlog.testing import capture_logs

from services.chassis.policy import Policy
from services.credit.rules.privacy import screen
from tests.services.credit_portal import portal_of
from tests.services.credit_records import OF_A_PENALTY, OF_THE_LIST, ground, penalty
from tests.services.credit_stories import (
    POLICY_FILE,
    announced,
    enterprise,
    firm,
    opened,
    service_on,
    tell,
)

FIRST_DAY = date(2026, 5, 11)
POLICY = Policy.read(POLICY_FILE, "cn-current")
HIDDEN = ("610303198001011234", "13809172233", "6222021234567890123", "0917-3261234")
PERSONS = ("王小明", "李建国", "欧阳小红")
SEPARATORS = ("", " ", "-", "－", " . ", "/", "\u200b", "、", "\n", "【")
NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")
FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
WORDS = ("使用未经检验的起重机", "销售不合格电缆", "罚款三万元", "已整改", "第84条", "3台")
BEFORE = ("负责人", "联系人:", "投诉人", "经营者为", "当事人 ", "操作工", "法定代表人:")


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """A number, and a way of writing it."""
    number = draw(st.sampled_from(HIDDEN))
    size = draw(st.integers(1, 6))
    groups = [number[at : at + size] for at in range(0, len(number), size)]
    written = draw(st.sampled_from(SEPARATORS)).join(groups)
    table = draw(st.sampled_from([{}, FULL, NUMERALS]))
    return re.sub(r"\D", "", number), written.translate(table)


@st.composite
def persons(draw: st.DrawFn) -> tuple[str, str]:
    """A person's name, as it stands in a sentence or alone."""
    name = draw(st.sampled_from(PERSONS))
    shown = draw(
        st.sampled_from(
            [f"{before}{name}" for before in BEFORE]
            + [f",{name},", f"{name}先生", f"{name}承认违法", f"货物由{name}押运至仓库"]
        )
    )
    return name, shown


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Ordinary words, and every fourth time something that may not be public."""
    parts = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
    if draw(st.integers(0, 3)) == 0:
        _, hidden = draw(st.one_of(numbers(), persons()))
        parts.insert(draw(st.integers(0, len(parts))), hidden)
    return draw(st.sampled_from(["", ",", "。"])).join(parts)


def as_read(text: str) -> str:
    """Digits whatever they are written with, and nothing between them."""
    plain = unicodedata.normalize("NFKC", text)
    plain = plain.translate(
        {ord(sign): str(at) for at, sign in enumerate("〇一二三四五六七八九")}
    )
    return re.sub(r"[\W_]", "", plain)


def leaks(said: str) -> Iterator[str]:
    read = as_read(said)
    yield from (number for number in HIDDEN if re.sub(r"\D", "", number) in read)
    yield from (name for name in PERSONS if name in read)


@settings(max_examples=300, deadline=None)
@given(hidden=st.one_of(numbers(), persons()), words=st.lists(st.sampled_from(WORDS)))
def test_whatever_is_hidden_in_a_text_is_found(hidden: Any, words: list[str]) -> None:
    text = "。".join([*words, hidden[1]])

    assert screen(POLICY, on=FIRST_DAY).findings({"content": text}), text


@pytest.mark.parametrize("word", WORDS)
def test_ordinary_words_are_not_stopped(word: str) -> None:
    assert screen(POLICY, on=FIRST_DAY).findings({"content": word}) == []


class Publishing(RuleBasedStateMachine):
    """Anything may be asked of the service; nothing personal comes out."""

    needs: ClassVar[dict[str, tuple[str, ...]]] = {
        "penalty": OF_A_PENALTY,
        "serious_list": OF_THE_LIST,
        "bad_information": ("source_document", "notice", "statement", "review"),
    }

    def __init__(self) -> None:
        super().__init__()
        self.before = os.environ.get("BIANQUE_TODAY")
        self.capturing = capture_logs()
        self.logged = self.capturing.__enter__()
        self.opening = opened("sqlite://")
        self.database = self.opening.__enter__()
        self.service = service_on(self.database, "cn-current")
        self.portal = portal_of(self.database)
        self.ids: list[str] = []
        self.kinds: dict[str, str] = {}
        self.filed: dict[str, set[str]] = {}
        self.read = 0
        self._turn(FIRST_DAY)
        tell(self.service, [enterprise(1)])

    def teardown(self) -> None:
        self.opening.__exit__(None, None, None)
        self.capturing.__exit__(None, None, None)
        os.environ.pop("BIANQUE_TODAY", None)
        if self.before is not None:
            os.environ["BIANQUE_TODAY"] = self.before

    @rule(
        kind=st.sampled_from(["penalty", "serious_list", "bad_information"]),
        source=st.sampled_from(["department", "superior", "media"]),
        content=texts(),
        basis=texts(),
        how=st.sampled_from(["bare", "with all grounds", "and published"]),
    )
    def somebody_enters(
        self, kind: str, source: str, content: str, basis: str, how: str
    ) -> None:
        body = penalty(severity="serious", content=content, basis=basis)
        on_file = self.needs[kind] if how != "bare" else ()
        grounds = {"grounds": [ground(each) for each in on_file]}
        answer = self.portal.post("/records", body | {"kind": kind, "source": source} | grounds)
        self.ids.append(answer.json["id"])
        self.kinds[answer.json["id"]] = kind
        self.filed[answer.json["id"]] = set(on_file)
        if how == "and published":
            self.portal.post(f"/records/{answer.json['id']}/publication")

    @rule(data=st.data(), whole=st.booleans())
    def somebody_files_grounds(self, data: Any, whole: bool) -> None:
        if self.ids:
            which = data.draw(st.sampled_from(self.ids))
            needed = self.needs[self.kinds[which]]
            for kind in needed if whole else [data.draw(st.sampled_from(needed))]:
                answer = self.portal.post(f"/records/{which}/grounds", ground(kind))
                if answer.status_code == 200:
                    self.filed[which].add(kind)

    @rule(data=st.data(), act=st.sampled_from(["publication", "verification", "resumption"]))
    def somebody_acts(self, data: Any, act: str) -> None:
        bodies: dict[str, dict[str, Any]] = {
            "publication": {},
            "verification": {"on": "2026-05-08", "words": "核实"},
            "resumption": {"reason": "恢复"},
        }
        if self.ids:
            which = data.draw(st.sampled_from(self.ids))
            self.portal.post(f"/records/{which}/{act}", bodies[act])

    @rule(data=st.data(), words=texts())
    def the_enterprise_replies(self, data: Any, words: str) -> None:
        if self.ids:
            which = data.draw(st.sampled_from(self.ids))
            self.portal.put(f"/records/{which}/reply", {"words": words})

    @rule(data=st.data(), content=texts())
    def somebody_rewrites(self, data: Any, content: str) -> None:
        if self.ids:
            which = data.draw(st.sampled_from(self.ids))
            new = penalty(severity="serious", content=content)["content"]
            body = {"reason": "改写", "content": new}
            if self.portal.put(f"/records/{which}/content", body).status_code == 200:
                self._reviewed_again(which)

    @rule(days=st.integers(1, 400))
    def days_pass(self, days: int) -> None:
        self._turn(self.today + timedelta(days=days))
        self.service.take_due_steps()
        self.service.grade_due()

    @invariant()
    def nothing_personal_is_public(self) -> None:
        said = [self.portal.get(f"/public/enterprises/{firm(1)}").text]
        for name in ("penalties", "serious-list", "bad-information"):
            said.append(self.portal.get(f"/public/lists/{name}").text)
        for answer in said:
            values = [str(value) for item in _items(json.loads(answer)) for value in item]
            assert [each for value in values for each in leaks(value)] == []

    @invariant()
    def nothing_personal_is_announced(self) -> None:
        for message in announced(self.database)[self.read :]:
            self.read += 1
            texts = [value for value in message["data"].values() if isinstance(value, str)]
            free = [text for text in texts if not re.fullmatch(r"[0-9a-f-]{36}", text)]
            assert [each for text in free for each in leaks(text)] == []

    @invariant()
    def nothing_personal_is_logged(self) -> None:
        assert [each for line in self.logged for each in leaks(str(line))] == []

    @invariant()
    def everything_public_has_its_grounds(self) -> None:
        records = self.portal.get(f"/public/enterprises/{firm(1)}").json["records"]
        for item in (each for items in records.values() for each in items):
            needed = set(self.needs[self.kinds[item["id"]]])
            assert needed - self.filed[item["id"]] <= {"statement"}
            assert item["basis"]
            assert item["remedy"]

    def _reviewed_again(self, which: str) -> None:
        """What was never public and was rewritten must be reviewed anew."""
        if self.portal.get(f"/records/{which}").json["published_on"] is None:
            self.filed[which].discard("review")

    def _turn(self, day: date) -> None:
        self.today = day
        os.environ["BIANQUE_TODAY"] = day.isoformat()


def _items(answer: dict[str, Any]) -> Iterator[list[Any]]:
    groups = answer.get("records", {"": answer.get("items", [])})
    for items in groups.values():
        for item in items:
            # ids are random, and may look like anything
            yield [value for name, value in item.items() if not name.endswith("id")]


TestPublishing = Publishing.TestCase
TestPublishing.settings = settings(
    max_examples=15,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
