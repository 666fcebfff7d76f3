"""The licences by the days that are left: a dashboard asks, and must not read every duty."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    licences = sa.text("kind = 'licence'")
    op.create_index(
        "duty_licences",
        "duty",
        ["division", "due_on", "red_on"],
        postgresql_where=licences,
        sqlite_where=licences,
    )
