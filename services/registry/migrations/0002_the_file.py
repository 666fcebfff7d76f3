"""Further facts, what each source states, what held before, standards, who saw what."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0002"
down_revision = "0001"

_STATED_SO_FAR = """
INSERT INTO enterprise_statement (
    enterprise_id, source, fills, uscc, organisation_code, registration_number,
    name, division, address, status, email, officer, stated_at
) SELECT
    id, source, false, uscc, organisation_code, registration_number,
    name, division, address, status, email, officer, updated_at
FROM enterprise
"""


def upgrade() -> None:
    """What an enterprise is known by so far was stated by the source it was first met under."""
    _further_facts()
    _statements()
    _versions()
    _standards()
    _changes()
    op.execute(_STATED_SO_FAR)


def _new_facts_of_enterprises() -> list[sa.Column[Any]]:
    return [
        sa.Column("grid", sa.String(40)),
        sa.Column("industry", sa.String(5)),
        sa.Column("size", sa.String(10)),
        sa.Column("phone", sa.Text()),
        sa.Column("legal_representative", sa.Text()),
        sa.Column("group_name", sa.Text()),
    ]


def _facts_of_enterprises() -> list[sa.Column[Any]]:
    return [
        sa.Column("uscc", sa.String(18)),
        sa.Column("organisation_code", sa.String(9)),
        sa.Column("registration_number", sa.String(15)),
        sa.Column("address", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("officer", sa.Text()),
        *_new_facts_of_enterprises(),
    ]


def _new_facts_of_objects() -> list[sa.Column[Any]]:
    return [
        sa.Column("proprietor_id", sa.Uuid()),
        sa.Column("grid", sa.String(40)),
        sa.Column("status_since", sa.Date()),
        sa.Column("common_number", sa.String(200)),
        sa.Column("sealed", sa.Text()),
        sa.Column("number_hash", sa.String(32)),
    ]


def _facts_of_objects(*, all_known: bool = True) -> list[sa.Column[Any]]:
    absent = not all_known  # a source may state some of it only
    return [
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key", sa.String(200), nullable=absent),
        sa.Column("number", sa.String(200)),
        sa.Column("class_code", sa.Text(), nullable=absent),
        sa.Column("label", sa.Text(), nullable=absent),
        sa.Column("enterprise_id", sa.Uuid(), nullable=absent),
        sa.Column("division", sa.String(6), nullable=absent),
        sa.Column("address", sa.Text()),
        sa.Column("status", sa.String(10), nullable=absent),
        sa.Column("commissioned_on", sa.Date()),
        sa.Column("traits", sa.Text()),
        sa.Column("maker", sa.Text()),
        sa.Column("filing_number", sa.String(200)),
        sa.Column("records", sa.Text()),
        sa.Column("digest", sa.String(32), nullable=absent),
        *_new_facts_of_objects(),
    ]


def _further_facts() -> None:
    for column in (*_new_facts_of_enterprises(), sa.Column("status_since", sa.Date())):
        op.add_column("enterprise", column)
    for column in _new_facts_of_objects():
        op.add_column("object", column)
    for table in ("enterprise", "object", "product"):
        op.add_column(table, sa.Column("change_id", sa.Uuid()))
    for name in ("proprietor_id", "common_number", "number_hash"):
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"object_{name}", "object", [name], postgresql_where=there, sqlite_where=there
        )


def _statements() -> None:
    op.create_table(
        "enterprise_statement",
        sa.Column("enterprise_id", sa.Uuid(), primary_key=True),
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("fills", sa.Boolean(), primary_key=True),
        sa.Column("name", sa.Text()),
        sa.Column("division", sa.String(6)),
        sa.Column("status", sa.String(10)),
        *_facts_of_enterprises(),
        sa.Column("implied_division", sa.String(6)),
        sa.Column("stated_at", Instant(), nullable=False),
        sa.Column("change_id", sa.Uuid()),
    )
    op.create_table(
        "object_statement",
        sa.Column("object_id", sa.Uuid(), primary_key=True),
        sa.Column("source", sa.String(40), primary_key=True),
        *_facts_of_objects(all_known=False),
        sa.Column("stated_at", Instant(), nullable=False),
        sa.Column("change_id", sa.Uuid()),
    )
    op.create_table(
        "object_alias",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("object_id", sa.Uuid(), nullable=False),
    )


def _of_a_version() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("change_id", sa.Uuid()),
        sa.Column("replaced_at", Instant(), nullable=False),
    ]


def _versions() -> None:
    op.create_table(
        "enterprise_version",
        *_of_a_version(),
        sa.Column("key", sa.String(200)),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("status_since", sa.Date()),
        *_facts_of_enterprises(),
    )
    op.create_table("object_version", *_of_a_version(), *_facts_of_objects())
    op.create_table("product_version", *_of_a_version(), *_facts_of_products())
    for name in ("object_version", "product_version"):
        op.create_index(f"{name}_enterprise", name, ["enterprise_id"])


def _facts_of_products() -> list[sa.Column[Any]]:
    return [
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("class_code", sa.Text()),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
    ]


def _facts_of_standards() -> list[sa.Column[Any]]:
    return [
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("number", sa.String(200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("part", sa.String(12), nullable=False),
        sa.Column("filed_on", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
    ]


def _standards() -> None:
    op.create_table(
        "standard",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("change_id", sa.Uuid()),
        *_facts_of_standards(),
    )
    op.create_table("standard_version", *_of_a_version(), *_facts_of_standards())
    for name in ("standard", "standard_version"):
        op.create_index(f"{name}_enterprise", name, ["enterprise_id"])


def _changes() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("about_kind", sa.String(12), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
    )
    op.create_index("disclosure_about", "disclosure", ["about_id"])
