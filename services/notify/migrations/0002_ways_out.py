"""Addresses of accounts, webhooks, and how the newest tries of each way out went."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "address",
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("medium", sa.String(20), primary_key=True),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
    )
    op.create_table(
        "webhook",
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text()),
        sa.Column("former_until", Instant()),
        sa.Column("failing_since", Instant()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("disabled_at", Instant()),
        sa.Column("disabled_because", sa.Text()),
        sa.Column("told_at", Instant()),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
    )
    op.create_table(
        "try",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("way", sa.String(80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("took_milliseconds", sa.Integer(), nullable=False),
        sa.Column("worked", sa.Boolean(), nullable=False),
    )
    op.create_index("try_at", "try", ["at"])
