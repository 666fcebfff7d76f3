"""What periodic jobs could not deal with."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "aside",
        sa.Column("sweep", sa.String(100), primary_key=True),
        sa.Column("about", sa.String(200), primary_key=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=False),
    )
