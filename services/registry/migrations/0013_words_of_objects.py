"""Objects are found by a part of their number or name."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """The service fills it by itself: it follows the objects from the first."""
    op.create_table(
        "object_words",
        sa.Column("object_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("object_revision", "object", ["revision"])
