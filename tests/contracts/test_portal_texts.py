"""Every text of the pages has its English, every code its words, and no page breaks the rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.events import credit as credit_events, inspection as inspection_events, registry
from services.portal import translating
from services.portal.web import words

PORTAL = Path(__file__).parents[2] / "services" / "portal"
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
STATIC = PORTAL / "static"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
SWAGGER = "swagger-ui"  # for programmers only, whose browsers are new


def test_every_text_has_its_english() -> None:
    kept = translating.kept()

    missing = [text for text in translating.said() if not (m := kept.get(text)) or not m.string]

    assert missing == [], "run `make translations` and translate what it prints"


def test_no_translation_is_left_of_what_nobody_says() -> None:
    said = set(translating.said())

    assert [m.id for m in translating.kept() if m.id and m.id not in said] == []


def test_a_translation_fills_the_same_places() -> None:
    differs = [
        message.id
        for message in translating.kept()
        if message.id
        and set(PLACEHOLDER.findall(message.id)) != set(PLACEHOLDER.findall(message.string))
    ]

    assert differs == []


def test_every_word_is_there_in_both_languages() -> None:
    halves = [
        f"{group}.{code}"
        for group, codes in words.groups().items()
        for code, said in codes.items()
        if set(said) != {"zh", "en"} or not all(said.values())
    ]

    assert halves == []


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("duty", registry.DutyKind),
        ("object_status", registry.ObjectStatus),
        ("enterprise_status", registry.EnterpriseStatus),
        ("visit_purpose", inspection_events.VisitPurpose),
        ("visit_outcome", inspection_events.VisitOutcome),
        ("violation_class", inspection_events.ViolationClass),
        ("case_origin", inspection_events.CaseOrigin),
        ("penalty_kind", inspection_events.PenaltyKind),
        ("order_origin", inspection_events.OrderOrigin),
        ("refusal_ground", inspection_events.RefusalGround),
        ("escalated_to", credit_events.EscalatedTo),
        ("record_kind", credit_events.RecordKind),
        ("record_class", credit_events.RecordClass),
        ("record_source", credit_events.RecordSource),
        ("severity", credit_events.Severity),
        ("ending", credit_events.Ending),
        ("request_kind", credit_events.RequestKind),
        ("grade", credit_events.Grade),
    ],
)
def test_a_code_of_the_contract_has_its_word(group: str, codes: type) -> None:
    assert {code.value for code in codes} == set(words.groups()[group])  # type: ignore[attr-defined]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_page_holds_no_script_no_style_and_nothing_from_outside(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert scripts == []
    assert re.findall(r"\sstyle=|\son[a-z]+=", text) == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', text) == []
    assert re.findall(r"hx-on|hx-vals=.js|\bhx-trigger=\"[^\"]*\[", text) == []


def test_a_form_that_changes_something_carries_the_secret() -> None:
    without = [
        f"{path.name}: {form[:80]}"
        for path in TEMPLATES
        for form in re.findall(
            r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.DOTALL
        )
        if "csrf_token" not in form and "forms.start()" not in form
    ]

    assert without == []


# What Chromium 90 cannot do, in style sheets and in scripts.
LATER_CSS = r":has\(|color-mix\(|oklch\(|light-dark\(|@layer\b|@container\b|\d(?:dvh|svh|lvh)\b"
LATER_JS = (
    r"(?<![\w$])#[a-z_]\w*\s+in\s|\bstatic\s*\{|\bstructuredClone\(|\.at\(-1\)"
    r"|\bObject\.hasOwn\b"
)


@pytest.mark.parametrize("sheet", sorted(STATIC.rglob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_is_understood_by_chromium_90(sheet: Path) -> None:
    if SWAGGER not in str(sheet):
        assert re.findall(LATER_CSS, sheet.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("script", sorted(STATIC.rglob("*.js")), ids=lambda path: path.name)
def test_a_script_is_understood_by_chromium_90(script: Path) -> None:
    if SWAGGER not in str(script):
        assert re.findall(LATER_JS, script.read_text(encoding="utf-8")) == []


def test_the_own_script_stays_small() -> None:
    lines = (STATIC / "bianque.js").read_text(encoding="utf-8").splitlines()

    assert len(lines) < 300
