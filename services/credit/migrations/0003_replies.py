"""What enterprises say beside bad information."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """One reply for each entry."""
    op.create_table(
        "entry_reply",
        sa.Column("bad_information_id", sa.Uuid(), primary_key=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=False),
        sa.Column("replied_by", sa.Text(), nullable=False),
    )
