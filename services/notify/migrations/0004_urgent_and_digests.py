"""What is urgent, what is listed in digests, and who has sent something again."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for name in ("urgent", "digest"):
        op.add_column(
            "message", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.add_column("message", sa.Column("digested_in", sa.Uuid()))
    op.add_column(
        "message", sa.Column("escalated", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("delivery", sa.Column("resent_at", Instant()))
    op.add_column("delivery", sa.Column("resent_by", sa.Text()))
    undigested = sa.text("digest AND digested_in IS NULL")
    op.create_index(
        "message_undigested",
        "message",
        ["account", "written_at"],
        postgresql_where=undigested,
        sqlite_where=undigested,
    )
    unread = sa.text("urgent AND read_at IS NULL")
    op.create_index(
        "message_unread",
        "message",
        ["written_at"],
        postgresql_where=unread,
        sqlite_where=unread,
    )
