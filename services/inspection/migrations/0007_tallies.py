"""Counters for dashboards, filled from what is there; their changes; nightly comparisons."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0007"
down_revision = "0006"

_OBJECTS = """
INSERT INTO tally (what, division, kind, class_code, colour, number)
SELECT 'objects', division, kind, class_code, colour, count(*) FROM subject
GROUP BY division, kind, class_code, colour
"""
_DUTIES = """
INSERT INTO tally (what, division, kind, class_code, colour, number)
SELECT 'duties', s.division, s.kind, s.class_code, d.colour, count(*)
FROM duty d JOIN subject s ON s.object_id = d.object_id
GROUP BY s.division, s.kind, s.class_code, d.colour
"""


def upgrade() -> None:
    """The tables of services/inspection/store/tables/tallies.py."""
    op.create_table(
        "tally",
        sa.Column("what", sa.String(10), primary_key=True),
        sa.Column("division", sa.String(6), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("class_code", sa.Text(), primary_key=True),
        sa.Column("colour", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.create_table(
        "tally_change",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("class_code", sa.Text(), nullable=False),
        sa.Column("colour", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.create_table(
        "tally_check",
        sa.Column("checked_on", sa.Date(), primary_key=True),
        sa.Column("checked_at", Instant(), nullable=False),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
    )
    op.execute(_OBJECTS)
    op.execute(_DUTIES)
