"""Reminders: the next day of each duty's ladder, what was told, digests of the long overdue."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_BEFORE_ALL = "1900-01-01"


def upgrade() -> None:
    """Whatever can fall due is looked at once by the first sweep, which sets its own day."""
    op.add_column("duty", sa.Column("next_reminder_on", sa.Date()))
    op.execute(
        sa.text(
            f"UPDATE duty SET next_reminder_on = '{_BEFORE_ALL}' "  # noqa: S608 - a constant
            "WHERE red_on IS NOT NULL"
        )
    )
    coming = sa.text("next_reminder_on IS NOT NULL")
    op.create_index(
        "duty_next_reminder",
        "duty",
        ["next_reminder_on"],
        postgresql_where=coming,
        sqlite_where=coming,
    )
    op.create_table(
        "reminder",
        sa.Column("duty_id", sa.Uuid(), primary_key=True),
        sa.Column("due_on", sa.Date(), primary_key=True),
        sa.Column("rung", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("told_on", sa.Date(), nullable=False),
    )
    op.create_table(
        "overdue_digest",
        sa.Column("enterprise_id", sa.Uuid(), primary_key=True),
        sa.Column("told_on", sa.Date(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("duties", sa.Integer(), nullable=False),
        sa.Column("oldest_due_on", sa.Date(), nullable=False),
    )
