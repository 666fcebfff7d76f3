"""Unread messages of staff, for work supervision."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    by_staff = sa.text(
        "read_at IS NULL AND written_at IS NOT NULL AND addressee <> 'enterprise'"
    )
    op.create_index(
        "message_unread_by_staff",
        "message",
        ["account", "division", "urgent"],
        postgresql_where=by_staff,
        sqlite_where=by_staff,
    )
