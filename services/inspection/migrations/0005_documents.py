"""Documents that were written."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """The table of services/inspection/store/tables/documents.py."""
    op.create_table(
        "document",
        sa.Column("code", sa.String(20), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(64), nullable=False),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("withdrawn_because", sa.Text()),
        sa.UniqueConstraint("about_id", "act", "kind", name="document_of_act"),
    )
