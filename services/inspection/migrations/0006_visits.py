"""Visits, every save of their records, evidence, signatures, problems, what was confirmed."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """The tables of services/inspection/store/tables/visits.py."""
    _visit()
    _belongings()
    _problem()
    _confirmed()


def _visit() -> None:
    op.create_table(
        "visit",
        sa.Column("visit_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_name", sa.Text(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("officers", sa.JSON(), nullable=False),
        sa.Column("object_ids", sa.JSON(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("corrects", sa.Uuid()),
        sa.Column("corrected_by", sa.Uuid()),
        sa.Column("concluded_on", sa.Date()),
        sa.Column("outcome", sa.String(20)),
        sa.Column("planned_by", sa.Text(), nullable=False),
        sa.Column("cancelled_because", sa.Text()),
    )
    op.create_index("visit_listing", "visit", ["division", "state", "planned_on"])
    op.create_index("visit_enterprise", "visit", ["enterprise_id", "planned_on"])
    op.create_table(
        "visit_save",
        sa.Column("visit_id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("beside", sa.Boolean(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
    )


def _belongings() -> None:
    op.create_table(
        "visit_evidence",
        sa.Column("visit_id", sa.Uuid(), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("public_sha256", sa.String(64)),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
    )
    op.create_table(
        "visit_signature",
        sa.Column("visit_id", sa.Uuid(), primary_key=True),
        sa.Column("signer", sa.String(100), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("signed_at", Instant(), nullable=False),
    )


def _problem() -> None:
    op.create_table(
        "visit_problem",
        sa.Column("problem_id", sa.Uuid(), primary_key=True),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("object_id", sa.Uuid()),
        sa.Column("item", sa.String(100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("matter", sa.String(100), nullable=False),
        sa.Column("grave", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
    )
    op.create_index("visit_problem_visit", "visit_problem", ["visit_id"])
    op.create_index("visit_problem_listing", "visit_problem", ["division", "found_on"])


def _confirmed() -> None:
    op.create_table(
        "accepted_record",
        sa.Column("record_id", sa.Uuid(), primary_key=True),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(20), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("stated_due_on", sa.Date()),
        sa.Column("cycle_months", sa.Integer()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_in", sa.Uuid()),
    )
    op.create_index("accepted_record_object", "accepted_record", ["object_id"])
    op.create_index("accepted_record_visit", "accepted_record", ["visit_id"])
    op.create_table(
        "confirmed_status",
        sa.Column("visit_id", sa.Uuid(), primary_key=True),
        sa.Column("object_id", sa.Uuid(), primary_key=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_in", sa.Uuid()),
    )
    op.create_index("confirmed_status_object", "confirmed_status", ["object_id"])
