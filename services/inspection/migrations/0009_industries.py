"""The industry of an enterprise: warnings are counted by it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Not known of what was heard before: the registry's `bianque announce` tells it."""
    op.add_column("enterprise", sa.Column("industry", sa.String(5)))
    op.add_column("enterprise", sa.Column("industry_group", sa.String(2)))
