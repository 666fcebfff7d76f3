"""Bookings of inspections."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """The table of services/inspection/store/tables/bookings.py."""
    op.create_table(
        "booking",
        sa.Column("booking_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("duty", sa.String(20), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(100)),
        sa.Column("wished_from", sa.Date(), nullable=False),
        sa.Column("wished_until", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("inspected_on", sa.Date()),
        sa.Column("place", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("answered_on", sa.Date()),
        sa.Column("answered_by", sa.String(100)),
    )
    op.create_index("booking_listing", "booking", ["division", "state", "asked_on"])
    op.create_index("booking_enterprise", "booking", ["enterprise_id"])
    op.create_index("booking_object", "booking", ["object_id"])
