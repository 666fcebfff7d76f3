"""Which enterprises may be one."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Everybody is held against everybody else once, in the background."""
    op.create_table(
        "compared",
        sa.Column("enterprise_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "likeness_block",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("enterprise_id", sa.Uuid(), primary_key=True),
    )
    op.create_index("likeness_block_enterprise", "likeness_block", ["enterprise_id"])
    op.create_table(
        "candidate",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("facts", sa.String(32), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("decided_at", Instant()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("merge_id", sa.Uuid()),
    )
    op.create_index("candidate_listing", "candidate", ["state", "points", "id"])
    op.create_index("candidate_one", "candidate", ["one_id"])
    op.create_index("candidate_other", "candidate", ["other_id"])
    op.create_index("candidate_merge", "candidate", ["merge_id"])
