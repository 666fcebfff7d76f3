"""A surveyor's sheet that is a file waits its turn like an import."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Which campaign, and for which divisions its sender spoke."""
    op.add_column("import_job", sa.Column("campaign_id", sa.Uuid()))
    op.add_column("import_job", sa.Column("scope", sa.Text()))
