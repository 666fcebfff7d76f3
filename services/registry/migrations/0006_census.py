"""The census: campaigns, grids, plans, visits, the figures of each day."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """All tables of the census."""
    _campaigns()
    _plans()
    _visits()


def _campaigns() -> None:
    op.create_table(
        "census_campaign",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
    )
    op.create_table(
        "census_grid",
        sa.Column("campaign_id", sa.Uuid(), primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("surveyor", sa.Text(), nullable=False),
    )


def _plans() -> None:
    op.create_table(
        "census_plan_version",
        sa.Column("campaign_id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
    )
    op.create_table(
        "census_plan",
        sa.Column("campaign_id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("grid", sa.String(40), primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("planned", sa.Integer(), nullable=False),
    )


def _visits() -> None:
    op.create_table(
        "census_visit",
        sa.Column("campaign_id", sa.Uuid(), primary_key=True),
        sa.Column("thing", sa.Uuid(), primary_key=True),
        sa.Column("surveyed_on", sa.Date(), primary_key=True),
        sa.Column("superseded_on", sa.Date()),
        sa.Column("grid", sa.String(40), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("surveyor", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("leased", sa.Boolean(), nullable=False),
        sa.Column("used_by", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
    )
    op.create_index(
        "census_visit_counted",
        "census_visit",
        ["campaign_id", "grid", "kind", "outcome", "surveyed_on", "superseded_on"],
    )
    op.create_index("census_visit_thing", "census_visit", ["thing"])
    op.create_table(
        "census_day",
        sa.Column("campaign_id", sa.Uuid(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("grid", sa.String(40), primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("surveyed", sa.Integer(), nullable=False),
        sa.Column("not_found", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
    )
