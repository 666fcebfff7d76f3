"""Which enterprises were found to be one."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "merge",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("merged_at", Instant(), nullable=False),
        sa.Column("merged_by", sa.Text(), nullable=False),
        sa.Column("undone_at", Instant()),
        sa.Column("undone_by", sa.Text()),
        sa.Column("undone_because", sa.Text()),
    )
    op.create_index("merge_survivor", "merge", ["survivor_id"])
    op.create_index("merge_merged", "merge", ["merged_id"])
    op.create_index("merge_time", "merge", ["merged_at", "id"])
