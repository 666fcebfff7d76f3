"""Which ids were found to mean the same thing."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "alias",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("stands_under", sa.Uuid()),
        sa.Column("root", sa.Uuid()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
    )
    op.create_index("alias_root", "alias", ["root"])
