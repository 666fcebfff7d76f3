"""Stops: since when an object is out of use, and since when it is in use again."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """What is stopped now counts as stopped since the day that everything stands for."""
    op.create_table(
        "object_stop",
        sa.Column("object_id", sa.Uuid(), primary_key=True),
        sa.Column("stopped_on", sa.Date(), nullable=False),
        sa.Column("resumed_on", sa.Date()),
    )
    op.execute(
        "INSERT INTO object_stop (object_id, stopped_on) "
        "SELECT s.object_id, d.stands_on FROM subject s, standing d WHERE s.status = 'stopped'"
    )
