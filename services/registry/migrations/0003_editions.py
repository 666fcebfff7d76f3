"""Editions of code tables that a bureau loads over the shipped ones."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Both tables."""
    op.create_table(
        "reference_edition",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("subject", sa.String(30), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("loaded_at", Instant(), nullable=False),
        sa.Column("loaded_by", sa.Text(), nullable=False),
    )
    op.create_index(
        "reference_edition_subject", "reference_edition", ["subject", "effective_on"]
    )
    op.create_table(
        "reference_entry",
        sa.Column("edition_id", sa.Uuid(), primary_key=True),
        sa.Column("line", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("successor", sa.String(30)),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=False),
    )
