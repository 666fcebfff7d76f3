"""Enterprises heard of, facts of warnings, bad information, escalations, the log of steps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """All tables of the first release."""
    _heard()
    _entries()
    _consequences()


def _heard() -> None:
    op.create_table(
        "enterprise",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uscc", sa.String(18)),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
    )
    op.create_table(
        "warning_fact",
        sa.Column("warning_id", sa.Uuid(), primary_key=True),
        sa.Column("red_revision", sa.BigInteger(), nullable=False),
        sa.Column("red_message_id", sa.Uuid()),
        sa.Column("enterprise_id", sa.Uuid()),
        sa.Column("division", sa.String(6)),
        sa.Column("object_id", sa.Uuid()),
        sa.Column("object_kind", sa.String(20)),
        sa.Column("object_label", sa.Text()),
        sa.Column("duty", sa.String(20)),
        sa.Column("was_due_on", sa.Date()),
        sa.Column("turned_red_on", sa.Date()),
        sa.Column("endangers_safety", sa.Boolean()),
        sa.Column("cleared_revision", sa.BigInteger(), nullable=False),
        sa.Column("cleared_message_id", sa.Uuid()),
        sa.Column("cleared_on", sa.Date()),
        sa.Column("cleared_by", sa.String(20)),
    )


def _entries() -> None:
    op.create_table(
        "bad_information",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("warning_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("endangers_safety", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("drafted_on", sa.Date()),
        sa.Column("published_on", sa.Date()),
        sa.Column("published_by", sa.Text()),
        sa.Column("last_day_to_correct", sa.Date()),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("escalated_to", sa.String(20)),
        sa.Column("escalated_on", sa.Date()),
        sa.Column("corrected_on", sa.Date()),
        sa.Column("in_time", sa.Boolean()),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_because", sa.Text()),
        sa.Column("closed_by", sa.BigInteger(), nullable=False),
        sa.Column("next_step_on", sa.Date()),
    )
    waiting = sa.text("next_step_on IS NOT NULL")
    op.create_index(
        "bad_information_next_step",
        "bad_information",
        ["next_step_on", "warning_id"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    for name, columns in (
        ("bad_information_opened", ["opened_on", "id"]),
        ("bad_information_state", ["state", "opened_on", "id"]),
        ("bad_information_division", ["division", "opened_on", "id"]),
        ("bad_information_enterprise", ["enterprise_id"]),
    ):
        op.create_index(name, "bad_information", columns)


def _consequences() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("bad_information_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("escalated_to", sa.String(20), nullable=False),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("ended_because", sa.Text()),
    )
    op.create_index("escalation_bad_information", "escalation", ["bad_information_id"])
    op.create_index("escalation_enterprise", "escalation", ["enterprise_id"])
    op.create_table(
        "credit_step",
        sa.Column("bad_information_id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("policy_version", sa.String(64), nullable=False),
        sa.Column("caused_by", sa.Uuid()),
        sa.Column("taken_by", sa.Text()),
        sa.Column("particulars", sa.JSON(), nullable=False),
    )
