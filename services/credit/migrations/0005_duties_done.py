"""That what a decision asked for was done in full: a condition of repair."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Not known of what was closed before."""
    op.add_column("credit_record", sa.Column("duties_done_on", sa.Date()))
