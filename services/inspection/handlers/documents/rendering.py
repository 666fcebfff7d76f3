"""From a template and its fields to a Word file. A template that asks for more is refused."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import segno
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from services.inspection.model.documents import TITLES, DocumentKind
from services.inspection.rules.refusal import NotAllowed

SHIPPED = Path(__file__).parents[2] / "data" / "templates"
_QR_WIDTH = Mm(24)
_QR_SCALE = 6


def template_of(kind: DocumentKind, var: Path) -> bytes:
    """The bureau's own template in BIANQUE_VAR/templates, else the shipped one."""
    own = var / "templates" / f"{kind.value}.docx"
    place = own if own.is_file() else SHIPPED / f"{kind.value}.docx"
    return place.read_bytes()


def digest_of(template: bytes) -> str:
    """By which a document remembers its template."""
    return sha256(template).hexdigest()


def render(
    kind: DocumentKind, template: bytes, known: Mapping[str, Any], *, address: str
) -> bytes:
    """The document. Raises NotAllowed, which names the field or what is broken."""
    jinja = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        opened = DocxTemplate(BytesIO(template))
        _refuse_unknown(kind, opened, jinja, {*known, "qr"})
        image = InlineImage(opened, _qr(address), width=_QR_WIDTH)
        opened.render({**known, "qr": image}, jinja_env=jinja)
        written = BytesIO()
        opened.save(written)
    except (TemplateError, PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise _broken(kind, str(error)) from error
    return written.getvalue()


def _refuse_unknown(
    kind: DocumentKind, opened: Any, jinja: SandboxedEnvironment, known: set[str]
) -> None:
    unknown = sorted(opened.get_undeclared_template_variables(jinja) - known)
    if unknown:
        raise NotAllowed(
            "template_field_unknown",
            f"模板 {kind.value}.docx 中有不认识的字段: {'、'.join(unknown)}。",
            f"可以使用: {'、'.join(sorted(known))}。",
        )


def _broken(kind: DocumentKind, why: str) -> NotAllowed:
    return NotAllowed(
        "template_broken",
        f"{TITLES[kind]}的模板 {kind.value}.docx 不能使用: {why}。",
        "请用 Word 修正模板,或者删去它以使用平台自带的模板。",
    )


def _qr(address: str) -> BytesIO:
    image = BytesIO()
    segno.make(address, error="m").save(image, kind="png", scale=_QR_SCALE, border=2)
    image.seek(0)
    return image
