"""Subjects, duties, warnings, evaluations, attestations."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """The tables of services/inspection/store/tables.py."""
    _subject_and_duty()
    _warning()
    _days()
    _attestation()


def _subject_and_duty() -> None:
    op.create_table(
        "subject",
        sa.Column("object_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("class_code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("commissioned_on", sa.Date()),
        sa.Column("traits", sa.JSON(), nullable=False),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("colour", sa.SmallInteger(), nullable=False),
        sa.Column("heard_in", sa.Uuid(), nullable=False),
    )
    op.create_index("subject_counts", "subject", ["division", "kind", "colour"])
    op.create_index("subject_enterprise", "subject", ["enterprise_id"])
    op.create_table(
        "duty",
        sa.Column("duty_id", sa.Uuid(), primary_key=True),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("duty", sa.String(20), nullable=False),
        sa.Column("done_on", sa.Date()),
        sa.Column("due_on", sa.Date()),
        sa.Column("basis", sa.String(12), nullable=False),
        sa.Column("rule_id", sa.Text()),
        sa.Column("yellow_on", sa.Date()),
        sa.Column("red_on", sa.Date()),
        sa.Column("colour", sa.SmallInteger(), nullable=False),
        sa.Column("next_change_on", sa.Date()),
    )
    changing = sa.text("next_change_on IS NOT NULL")
    op.create_index(
        "duty_next_change",
        "duty",
        ["next_change_on"],
        postgresql_where=changing,
        sqlite_where=changing,
    )
    op.create_index("duty_object", "duty", ["object_id"])
    op.create_index("duty_listing", "duty", ["division", "colour", "due_on"])


def _warning() -> None:
    op.create_table(
        "warning",
        sa.Column("warning_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("duty", sa.String(20), nullable=False),
        sa.Column("was_due_on", sa.Date(), nullable=False),
        sa.Column("turned_red_on", sa.Date(), nullable=False),
        sa.Column("endangers_safety", sa.Boolean(), nullable=False),
        sa.Column("done_on", sa.Date()),
        sa.Column("basis", sa.String(12), nullable=False),
        sa.Column("rule_id", sa.Text()),
        sa.Column("facts_heard_in", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reopened_on", sa.Date()),
        sa.Column("cleared_on", sa.Date()),
        sa.Column("cleared_by", sa.String(20)),
        sa.Column("cleared_in", sa.Uuid()),
        sa.UniqueConstraint("duty_id", "was_due_on", name="warning_of_due_date"),
    )
    op.create_index("warning_object", "warning", ["object_id"])
    op.create_index("warning_listing", "warning", ["state", "division", "turned_red_on"])


def _days() -> None:
    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("stands_on", sa.Date(), nullable=False),
        sa.Column("rule_version", sa.String(40), nullable=False),
    )
    op.create_table(
        "applied_rule",
        sa.Column("rule_id", sa.String(100), primary_key=True),
        sa.Column("digest", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("classes", sa.JSON(), nullable=False),
    )
    op.create_table("unattested", sa.Column("id", sa.Uuid(), primary_key=True))
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant()),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("turned_red", sa.Integer(), nullable=False),
    )
    op.create_index("evaluation_started", "evaluation", ["started_at"])


def _attestation() -> None:
    op.create_table(
        "attestation",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("attested_on", sa.Date(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in (
                *("objects", "green", "yellow", "red", "grey"),
                *("duties_green", "duties_yellow", "duties_red", "duties_grey"),
            )
        ),
        sa.Column("rule_version", sa.String(40), nullable=False),
        sa.Column("attested_at", Instant(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("attested_on", "run", name="attestation_of_day"),
    )
