"""That the end of a corrected entry's time in public was said."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """One row for each publication whose end was said."""
    op.create_table(
        "entry_ended",
        sa.Column("bad_information_id", sa.Uuid(), primary_key=True),
        sa.Column("published_on", sa.Date(), primary_key=True),
        sa.Column("ended_on", sa.Date(), nullable=False),
    )
