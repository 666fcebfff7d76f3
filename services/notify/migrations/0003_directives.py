"""Directives, their hops and steps, and the numbers they were given."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "directive_number",
        sa.Column("division", sa.String(6), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    op.create_table(
        "directive",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.Text(), nullable=False, unique=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid()),
    )
    _hops()
    _steps()


def _hops() -> None:
    op.create_table(
        "directive_hop",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("directive_id", sa.Uuid(), sa.ForeignKey("directive.id"), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("sender_division", sa.String(6), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("phase", sa.String(20), nullable=False),
        sa.Column("silence", sa.String(20), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("acknowledge_by", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("acknowledged_at", Instant()),
        sa.Column("closed_at", Instant()),
        sa.Column("look_on", sa.Date()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
    )
    op.create_index("directive_hop_of", "directive_hop", ["directive_id"])
    op.create_index("directive_hop_below", "directive_hop", ["parent_id"])
    op.create_index("directive_hop_receiver", "directive_hop", ["receiver", "phase"])
    watched = sa.text("look_on IS NOT NULL")
    op.create_index(
        "directive_hop_watched",
        "directive_hop",
        ["look_on"],
        postgresql_where=watched,
        sqlite_where=watched,
    )


def _steps() -> None:
    op.create_table(
        "directive_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("hop_id", sa.Uuid(), sa.ForeignKey("directive_hop.id"), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("before", sa.String(20)),
        sa.Column("after", sa.String(20), nullable=False),
        sa.Column("said", sa.Text()),
        sa.Column("evidence", sa.Text()),
    )
    op.create_index("directive_step_of", "directive_step", ["hop_id", "at"])
