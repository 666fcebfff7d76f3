"""Answers to writes, for callers that ask again."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=False),
    )
    op.create_index("answer_kept", "answer", ["answered_at"])
