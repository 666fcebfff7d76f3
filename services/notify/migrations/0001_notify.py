"""Enterprises and contacts as heard, messages and their deliveries."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    _facts()
    _message()
    _delivery()


def _facts() -> None:
    op.create_table(
        "enterprise",
        sa.Column("enterprise_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uscc", sa.String(18)),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
    )
    op.create_table(
        "contact",
        sa.Column("enterprise_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("officer", sa.Text()),
    )


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("caused_by", sa.Uuid(), nullable=False),
        sa.Column("caused_at", Instant(), nullable=False),
        sa.Column("stored_at", Instant(), nullable=False),
        sa.Column("event", sa.String(100), nullable=False),
        sa.Column("addressee", sa.String(20), nullable=False),
        sa.Column("account", sa.Text()),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("template", sa.String(100), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("wants", sa.String(20)),
        sa.Column("no_channel", sa.String(20)),
        sa.Column("subject", sa.Text()),
        sa.Column("body", sa.Text()),
        sa.Column("language", sa.String(5)),
        sa.Column("template_version", sa.String(12)),
        sa.Column("written_at", Instant()),
        sa.Column("read_at", Instant()),
        sa.Column("read_by", sa.Text()),
    )
    op.create_index("message_cause", "message", ["cause_id"])
    op.create_index("message_stored", "message", ["stored_at"])
    op.create_index("message_inbox", "message", ["account", "stored_at"])
    no_channel = sa.text("no_channel IS NOT NULL")
    op.create_index(
        "message_no_channel",
        "message",
        ["no_channel"],
        postgresql_where=no_channel,
        sqlite_where=no_channel,
    )
    wanting = sa.text("wants IS NOT NULL")
    op.create_index(
        "message_wanting",
        "message",
        ["enterprise_id", "wants"],
        postgresql_where=wanting,
        sqlite_where=wanting,
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("message_id", sa.Uuid(), sa.ForeignKey("message.id"), primary_key=True),
        sa.Column("medium", sa.String(20), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_since", Instant()),
        sa.Column("next_try_at", Instant()),
        sa.Column("holder", sa.Uuid()),
        sa.Column("lease_until", Instant()),
        sa.Column("delivered_at", Instant()),
        sa.Column("sent_to", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.Column("reason", sa.Text()),
        sqlite_with_rowid=False,
    )
    op.create_index("delivery_state", "delivery", ["state", "delivered_at"])
    outstanding = sa.text("state IN ('due', 'sending', 'failed')")
    op.create_index(
        "delivery_outstanding",
        "delivery",
        ["medium", "next_try_at"],
        postgresql_where=outstanding,
        sqlite_where=outstanding,
    )
