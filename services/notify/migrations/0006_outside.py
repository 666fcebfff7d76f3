"""Webhooks that other departments registered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "webhook",
        sa.Column("outside", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
