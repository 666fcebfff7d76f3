"""Complaints and leads."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """The table of services/inspection/store/tables/complaints.py."""
    op.create_table(
        "complaint",
        sa.Column("complaint_id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid()),
        sa.Column("last_day", sa.Date()),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("joined_into", sa.Uuid()),
        sa.Column("file", sa.JSON(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text()),
        sa.Column("person_hash", sa.String(32)),
        sa.UniqueConstraint("number", name="complaint_number"),
    )
    op.create_index("complaint_listing", "complaint", ["division", "received_on"])
    op.create_index("complaint_enterprise", "complaint", ["enterprise_id"])
    _partial("complaint_open", ["division", "last_day"], "last_day IS NOT NULL")
    _partial("complaint_joined", ["joined_into"], "joined_into IS NOT NULL")


def _partial(name: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, "complaint", columns, postgresql_where=only, sqlite_where=only)
