"""Templates: which there are, whose, in which version, and how one would read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate

from services.chassis import api, clock
from services.notify import sampling
from services.notify.api.keeper import Keeper
from services.notify.model import Text
from services.notify.practice import Practice
from services.notify.wording import Letter, TemplateRefused, Wording, letter_of
from services.notify.words import LANGUAGES

LONGEST = 20_000


class PreviewBody(Schema):
    """POST /templates/<name>/preview. *text*: a draft; absent: the template in use."""

    language = fields.String(load_default="zh", validate=validate.OneOf(LANGUAGES))
    parameters = fields.Dict(keys=fields.String(), load_default=dict)
    text = fields.String(load_default=None, validate=validate.Length(1, LONGEST))


def add_views(views: Blueprint, service: Keeper) -> None:
    """Templates as they are in use, and as they would be."""

    @views.get("/templates")
    def listed() -> Any:
        wording = service.practice.wording
        return jsonify(templates=[_listed(each, wording) for each in wording.letters.values()])

    @views.post("/templates/<name>/preview")
    def preview(name: str) -> Any:
        asked = api.body(PreviewBody)
        practice = service.practice
        letter = practice.wording.letters.get((name, asked["language"]))
        if letter is None:
            raise api.Refused("no_such_template", f"没有名为 {name} 的模板", 404)
        if asked["text"] is not None:
            letter = _draft(letter, asked["text"], practice.wording)
        text = _previewed(letter, asked["parameters"], practice, clock.today())
        return jsonify(
            template=name,
            language=letter.language,
            version=letter.version,
            subject=text.subject,
            body=text.body,
        )


def _listed(letter: Letter, wording: Wording) -> dict[str, Any]:
    return {
        "template": letter.name,
        "language": letter.language,
        "version": letter.version,
        "own": (letter.name, letter.language) in wording.own,
        "event": letter.event.full_name,
        "fields": sorted(letter.said),
    }


def _draft(letter: Letter, text: str, wording: Wording) -> Letter:
    path = Path(f"{letter.name}.{letter.language}.txt")
    try:
        return letter_of(path, text.encode(), wording.words)
    except TemplateRefused as refusal:
        raise api.Refused("template_refused", str(refusal), field="text") from None


def _previewed(letter: Letter, given: dict[str, Any], practice: Practice, today: date) -> Text:
    """Filled with a sample, and with what is given in its place. Raises Refused."""
    if unknown := sorted(set(given) - set(letter.event.wire.hints)):
        known = "、".join(sorted(letter.event.wire.hints))
        raise api.Refused(
            "parameter_unknown", f"没有参数 {unknown[0]};可以用: {known}", field=unknown[0]
        )
    wording = Wording({(letter.name, letter.language): letter}, practice.wording.words)
    try:
        values = wording.values(
            letter.name,
            letter.language,
            parameters={**sampling.sample(letter.event, today), **given},
            enterprise=sampling.ENTERPRISE,
            house=practice.house_in(letter.language, today),
            happened_on=today,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise api.Refused("parameter_wrong", f"参数的值不合规定: {error}") from None
    return wording.write(
        letter.name, letter.language, values, reference=str(sampling.SAMPLE_ID)
    )
