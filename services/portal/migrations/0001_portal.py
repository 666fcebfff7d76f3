"""Users, sessions, tokens, audit."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant
from services.chassis.tables import Position

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "portal_user",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.String(60), nullable=False, unique=True),
        sa.Column("display_name", sa.String(60), nullable=False),
        sa.Column("roles", sa.String(120), nullable=False),
        sa.Column("divisions", sa.String(400), nullable=False),
        sa.Column("section", sa.String(60)),
        sa.Column("enterprise_id", sa.Uuid, index=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("outside_id", sa.String(300), unique=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("disabled_at", Instant),
    )
    op.create_table(
        "first_login_link",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.Uuid, nullable=False, index=True),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("used_at", Instant),
    )
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.Uuid, nullable=False, index=True),
        sa.Column("began_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
    )
    op.create_table(
        "failed_login",
        sa.Column("id", Position, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index("failed_login_of", "failed_login", ["name", "at"])
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("scopes", sa.String(400), nullable=False),
        sa.Column("divisions", sa.String(400), nullable=False),
        sa.Column("per_minute", sa.Integer),
        sa.Column("made_by", sa.String(60), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("ends_at", Instant),
        sa.Column("revoked_at", Instant),
        sa.Column("used_at", Instant),
    )
    op.create_table(
        "audit",
        sa.Column("position", Position, primary_key=True, autoincrement=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("who", sa.String(60), nullable=False),
        sa.Column("roles", sa.String(120), nullable=False),
        sa.Column("divisions", sa.String(400), nullable=False),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("action", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("outcome", sa.String(100), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("audit_who", "audit", ["who", "position"])
