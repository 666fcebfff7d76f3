"""Reminders that the bureau sends by hand, in batches."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """The tables of services/inspection/store/tables/reminding.py."""
    op.create_table(
        "hand_reminder",
        sa.Column("duty_id", sa.Uuid(), primary_key=True),
        sa.Column("told_on", sa.Date(), primary_key=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("duty", sa.String(20), nullable=False),
    )
    op.create_index("hand_reminder_batch", "hand_reminder", ["batch_id"])
    op.create_table(
        "reminder_batch",
        sa.Column("batch_id", sa.Uuid(), primary_key=True),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("passed_over", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.String(40), nullable=False),
    )
