"""安装告知(备案): a number of its own beside the use registration."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Nobody has stated any yet."""
    for table in ("object", "object_version", "object_statement"):
        op.add_column(table, sa.Column("installation_filing", sa.String(200)))
