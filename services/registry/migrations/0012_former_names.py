"""曾用名 as sources state them: a fact of an enterprise like others, and in the index of names."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Nobody has stated any yet."""
    for table in ("enterprise", "enterprise_version", "enterprise_statement", "search_entry"):
        op.add_column(table, sa.Column("former_names", sa.Text()))
