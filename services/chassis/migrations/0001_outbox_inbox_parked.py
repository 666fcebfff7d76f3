"""Outbox, inbox, parked messages."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("sent_at", Instant()),
    )
    unsent = sa.text("sent_at IS NULL")
    op.create_index(
        "outbox_waiting", "outbox", ["position"], postgresql_where=unsent, sqlite_where=unsent
    )
    op.create_index("outbox_kept", "outbox", ["type", "minute"])
    op.create_table(
        "inbox",
        sa.Column("heard_by", sa.String(100), primary_key=True),
        sa.Column("message_id", sa.Uuid(), primary_key=True),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("handled_at", Instant(), nullable=False),
    )
    op.create_index("inbox_kept", "inbox", ["heard_by", "minute"])
    op.create_table(
        "parked",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("heard_by", sa.String(100), nullable=False),
        sa.Column("message_id", sa.Uuid()),
        sa.Column("type", sa.String(100)),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer()),
        sa.Column("parked_at", Instant(), nullable=False),
        sa.Column("next_try_at", Instant()),
    )
    op.create_index("parked_next_try", "parked", ["next_try_at"])
