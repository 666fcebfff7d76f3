"""docs/events is the contract for programs in any language: complete, current, and kept."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from services.events import publish
from services.events.contract import Audience, Event, all_events
from services.events.registry import ContactRecorded, ObjectStatus

FOLDER = Path(__file__).parents[2] / "docs" / "events"
SCHEMAS = sorted(FOLDER.glob("*.schema.json"))
EXAMPLES = sorted(set(FOLDER.glob("*.json")) - set(SCHEMAS))
PERSONAL = ("email", "officer", "contact", "phone", "person", "holder", "resident")

each_event = pytest.mark.parametrize("event", all_events(), ids=lambda event: event.full_name)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def whole_message() -> Draft202012Validator:
    """Checks an envelope and, through it, the data of the event in it."""
    resources = [(path.name, Resource.from_contents(read(path))) for path in SCHEMAS]
    return Draft202012Validator(
        read(FOLDER / "envelope.schema.json"),
        registry=Registry().with_resources(resources),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def test_every_generated_page_is_what_the_generator_writes_now() -> None:
    stale = [
        name
        for name, text in publish.pages().items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]

    assert not stale, (
        f"docs/events is not what services/events says: run `make events`: {stale}"
    )


def test_nothing_else_lies_among_them() -> None:
    examples = {f"{event.full_name}.json" for event in all_events()}

    assert {path.name for path in FOLDER.iterdir()} == (
        set(publish.pages()) | examples | {"queues.txt"}
    )


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_schema_is_one(path: Path) -> None:
    Draft202012Validator.check_schema(read(path))

    assert read(path)["$schema"] == publish.DIALECT


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_a_whole_message_of_its_event(
    path: Path, whole_message: Draft202012Validator
) -> None:
    whole_message.validate(read(path))

    assert f"{read(path)['type']}.json" == path.name
    assert re.fullmatch(r"/\d{6}/" + path.name.split(".")[0], read(path)["source"])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_envelope_leads_to_the_schema_of_the_data(
    path: Path, whole_message: Draft202012Validator
) -> None:
    for name in read(path)["data"]:
        broken = read(path)
        broken["data"][name] = {"neither": "nor"}

        assert not whole_message.is_valid(broken), name


def test_a_message_of_a_type_that_came_later_is_still_a_message(
    whole_message: Draft202012Validator,
) -> None:
    later = read(EXAMPLES[0]) | {"type": "assistance.expert_sent.v3", "data": {"on": 5}}

    assert whole_message.is_valid(later)


@each_event
def test_every_value_of_an_enum_is_explained(event: type[Event]) -> None:
    for name, shape in publish.json_schema(event)["properties"].items():
        for value in shape.get("enum", ()):
            assert f"{value}: " in shape["description"], name


def test_the_meaning_of_a_member_is_the_comment_beside_it() -> None:
    assert publish.meanings(ObjectStatus) == {
        "in_use": "在用",
        "stopped": "停用",
        "scrapped": "报废",
        "moved": "移装或过户",
        "closed": "注销",
    }


def test_the_index_tells_who_hears_an_event() -> None:
    hearers = {event.full_name: ["notify"] for event in all_events()}

    page = publish.index(hearers)

    assert re.search(r"`registry.contact_recorded.v1` \| internal \| [^|]+ \| notify \|", page)
    assert re.search(r"`credit.enterprise_blacklisted.v1`.* \| notify, agencies \|", page)


def test_a_card_names_events_under_its_own_heading_only() -> None:
    card = """A service.

    Owns    things (database: credit)
    Hears   registry.a_thing.v1, registry.an_other.v2,
            inspection.a_third.v1
    Says    nothing; not registry.a_fourth.v1
    """
    card = re.sub(r"(?m)^    ", "", card)

    assert publish.named_on_card("Hears", card) == [
        "registry.a_thing.v1",
        "registry.an_other.v2",
        "inspection.a_third.v1",
    ]
    assert publish.named_on_card("Serves", card) == []


@each_event
def test_what_agencies_may_hear_has_no_field_for_a_person(event: type[Event]) -> None:
    told = " ".join(publish.json_schema(event)["properties"])

    assert event.audience is Audience.INTERNAL or not any(word in told for word in PERSONAL)


def test_it_writes_what_is_missing_and_only_that(tmp_path: Path) -> None:
    first = publish.publish(tmp_path / "new")
    (tmp_path / "new" / "README.md").unlink()

    assert first == sorted(publish.pages())
    assert publish.publish(tmp_path / "new") == ["README.md"]
    assert publish.publish(tmp_path / "new") == []


def test_a_better_description_of_a_published_version_is_written(tmp_path: Path) -> None:
    publish.publish(tmp_path)
    path = tmp_path / f"{ContactRecorded.full_name}.schema.json"
    worse = read(path) | {"description": "?"}
    worse["properties"]["email"]["description"] = "?"
    path.write_text(json.dumps(worse), encoding="utf-8")

    assert publish.publish(tmp_path) == [path.name]


@pytest.mark.parametrize(
    "change",
    [
        lambda schema: schema["properties"].pop("officer"),
        lambda schema: schema["properties"].update(description={"type": "string"}),
        lambda schema: schema["required"].remove("officer"),
        lambda schema: schema["properties"].update(email={"type": "string"}),
        lambda schema: schema.update({"x-audience": "agencies"}),
    ],
    ids=["new field", "lost field", "was optional", "now nullable", "other audience"],
)
def test_another_shape_of_a_published_version_is_refused_and_nothing_written(
    change: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish.publish(tmp_path)
    path = tmp_path / f"{ContactRecorded.full_name}.schema.json"
    schema = read(path)
    change(schema)
    path.write_text(json.dumps(schema), encoding="utf-8")
    (tmp_path / "README.md").unlink()

    code = publish.main([str(tmp_path)])

    assert code == 2
    assert "declare the next version beside it" in capsys.readouterr().err
    assert not (tmp_path / "README.md").exists()


def test_the_command_says_what_it_wrote_and_how_it_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish.main([str(tmp_path)]) == 0
    assert "written: envelope.schema.json\n" in capsys.readouterr().out
    assert publish.main([]) == 2
    assert "usage" in capsys.readouterr().err
