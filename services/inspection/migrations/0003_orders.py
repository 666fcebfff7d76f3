"""Rectification orders, refusals, enterprises, numbers of documents, acts on file."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The tables of services/inspection/store/tables/orders.py."""
    _enterprise()
    _order()
    _order_item()
    _refusal()
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(60), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    _act()


def _enterprise() -> None:
    op.create_table(
        "enterprise",
        sa.Column("enterprise_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uscc", sa.Text()),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
    )


def _order() -> None:
    op.create_table(
        "rectification_order",
        sa.Column("order_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("bureau", sa.String(6), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("visit_id", sa.Uuid()),
        sa.Column("warning_id", sa.Uuid()),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("number", sa.String(100)),
        sa.Column("officers", sa.JSON(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("first_offence", sa.Boolean()),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("end", sa.String(20)),
        sa.UniqueConstraint("number", name="order_number"),
    )
    op.create_index("order_enterprise", "rectification_order", ["enterprise_id", "issued_on"])
    op.create_index("order_listing", "rectification_order", ["division", "state", "drafted_on"])


def _order_item() -> None:
    op.create_table(
        "order_item",
        sa.Column("item_id", sa.Uuid(), primary_key=True),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(60), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid()),
        sa.Column("finding_id", sa.Uuid()),
        sa.Column("term_days", sa.Integer()),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("term_number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("was_due_on", sa.Date()),
        sa.Column("handed_in_on", sa.Date()),
        sa.Column("recheck_by", sa.Date()),
        sa.Column("overdue_on", sa.Date()),
        sa.Column("overdue_times", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("next_change_on", sa.Date()),
    )
    op.create_index("order_item_order", "order_item", ["order_id"])
    changing = sa.text("next_change_on IS NOT NULL")
    op.create_index(
        "order_item_next_change",
        "order_item",
        ["next_change_on"],
        postgresql_where=changing,
        sqlite_where=changing,
    )


def _refusal() -> None:
    op.create_table(
        "refusal",
        sa.Column("refusal_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("ground", sa.String(20), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("object_ids", sa.JSON(), nullable=False),
        sa.Column("endangers_safety", sa.Boolean(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("officers", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("withdrawn_because", sa.Text()),
    )
    op.create_index("refusal_enterprise", "refusal", ["enterprise_id"])
    op.create_index("refusal_order", "refusal", ["order_id"])


def _act() -> None:
    op.create_table(
        "procedure_act",
        sa.Column("about_id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid()),
        sa.Column("particulars", sa.JSON(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_by", sa.Text()),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.Column("caused_by", sa.Uuid()),
        sa.Column("policy_version", sa.String(40), nullable=False),
    )
