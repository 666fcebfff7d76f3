"""Records from all sources, their steps and requests, their origins, and grades."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """The archive in full."""
    _records()
    _requests()
    _origins()
    _grades()


def _records() -> None:
    op.create_table(
        "credit_record",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("record_class", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("severity", sa.String(20)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Text()),
        sa.Column("origin", sa.Uuid()),
        sa.Column("taken_in", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("statement_until", sa.Date()),
        sa.Column("publish_by", sa.Date()),
        sa.Column("share_by", sa.Date()),
        sa.Column("published_on", sa.Date()),
        sa.Column("published_by", sa.Text()),
        sa.Column("from_decision", sa.Date()),
        sa.Column("from_publication", sa.Date()),
        sa.Column("counted_from", sa.String(20), nullable=False),
        sa.Column("public_until", sa.Date()),
        sa.Column("repairable_from", sa.Date()),
        sa.Column("corrected_on", sa.Date()),
        sa.Column("under_objection", sa.Boolean(), nullable=False),
        sa.Column("reply", sa.Text()),
        sa.Column("replied_on", sa.Date()),
        sa.Column("annulled_on", sa.Date()),
        sa.Column("blocked_on", sa.Date()),
        sa.Column("blocked_fields", sa.JSON(), nullable=False),
        sa.Column("overrun", sa.JSON(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("ending", sa.String(20)),
        sa.Column("ended_by", sa.Text()),
        sa.Column("ended_because", sa.Text()),
        sa.Column("supersedes", sa.Uuid()),
        sa.Column("next_step_on", sa.Date()),
    )
    waiting = sa.text("next_step_on IS NOT NULL")
    op.create_index(
        "credit_record_next_step",
        "credit_record",
        ["next_step_on", "id"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    op.create_index("credit_record_enterprise", "credit_record", ["enterprise_id"])
    op.create_index(
        "credit_record_listed", "credit_record", ["state", "kind", "published_on", "id"]
    )
    op.create_index("credit_record_division", "credit_record", ["division", "opened_on", "id"])
    op.create_index("credit_record_opened", "credit_record", ["opened_on", "id"])
    op.create_table(
        "record_step",
        sa.Column("record_id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("policy_version", sa.String(64), nullable=False),
        sa.Column("caused_by", sa.Uuid()),
        sa.Column("taken_by", sa.Text()),
        sa.Column("particulars", sa.JSON(), nullable=False),
    )


def _requests() -> None:
    op.create_table(
        "credit_request",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("field", sa.String(40)),
        sa.Column("corrected_on", sa.Date()),
        sa.Column("duties_done_on", sa.Date()),
        sa.Column("promised_on", sa.Date()),
        sa.Column("court_ruling", sa.Text()),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("mark_by", sa.Date()),
        sa.Column("marked_on", sa.Date()),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("answer", sa.Text()),
        sa.Column("overrun", sa.JSON(), nullable=False),
        sa.Column("next_step_on", sa.Date()),
    )
    waiting = sa.text("next_step_on IS NOT NULL")
    op.create_index(
        "credit_request_next_step",
        "credit_request",
        ["next_step_on", "id"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    op.create_index("credit_request_record", "credit_request", ["record_id"])
    op.create_index(
        "credit_request_division", "credit_request", ["division", "received_on", "id"]
    )


def _origins() -> None:
    op.create_table(
        "origin",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("held", sa.Integer(), nullable=False),
    )
    op.create_table(
        "origin_fact",
        sa.Column("origin_id", sa.Uuid(), primary_key=True),
        sa.Column("event", sa.String(80), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
    )


def _grades() -> None:
    op.create_table(
        "credit_grade",
        sa.Column("enterprise_id", sa.Uuid(), primary_key=True),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("grade", sa.String(1), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("graded_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("next_change_on", sa.Date()),
    )
    waiting = sa.text("next_change_on IS NOT NULL")
    op.create_index(
        "credit_grade_next_change",
        "credit_grade",
        ["next_change_on", "enterprise_id"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    op.create_index(
        "credit_grade_division", "credit_grade", ["division", "grade", "enterprise_id"]
    )
    op.create_table(
        "grade_due",
        sa.Column("enterprise_id", sa.Uuid(), primary_key=True),
        sa.Column("since", sa.Date(), nullable=False),
    )
