"""Enforcement cases."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The table of services/inspection/store/tables/cases.py."""
    op.create_table(
        "enforcement_case",
        sa.Column("case_id", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("matter", sa.String(60), nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("number", sa.String(100)),
        sa.Column("decision_number", sa.String(100)),
        sa.Column("decided_on", sa.Date()),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("term", sa.String(20)),
        sa.Column("last_day", sa.Date()),
        sa.Column("next_change_on", sa.Date()),
        sa.Column("file", sa.JSON(), nullable=False),
        sa.UniqueConstraint("number", name="case_number"),
        sa.UniqueConstraint("decision_number", name="case_decision_number"),
    )
    op.create_index("case_enterprise", "enforcement_case", ["enterprise_id", "decided_on"])
    op.create_index("case_listing", "enforcement_case", ["division", "state", "opened_on"])
    op.create_index("case_order", "enforcement_case", ["order_id"])
    changing = sa.text("next_change_on IS NOT NULL")
    op.create_index(
        "case_next_change",
        "enforcement_case",
        ["next_change_on"],
        postgresql_where=changing,
        sqlite_where=changing,
    )
