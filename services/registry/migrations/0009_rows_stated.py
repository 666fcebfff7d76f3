"""Rows that linked systems state by message: when, and what was last stated of each key."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """A column that only statements fill, and a table."""
    op.add_column("import_job", sa.Column("stated_at", Instant()))
    op.create_table(
        "stated_key",
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("table", sa.String(60), primary_key=True),
        sa.Column("key_hash", sa.String(32), primary_key=True),
        sa.Column("stated_at", Instant(), nullable=False),
    )
