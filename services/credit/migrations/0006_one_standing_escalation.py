"""One escalation of an entry stands at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# an entry that turned red again kept the escalation of its former publication
END_THOSE_LEFT_STANDING = """
UPDATE escalation SET
  ended_on = (SELECT opened_on FROM bad_information AS entry
              WHERE entry.id = escalation.bad_information_id),
  ended_because = '所依据的不良信息已经改正,同一预警又转红,另行公布和计算期限。'
WHERE ended_on IS NULL AND EXISTS (
  SELECT 1 FROM bad_information AS entry
  WHERE entry.id = escalation.bad_information_id
    AND (entry.escalated_on IS NULL OR entry.escalated_on <> escalation.started_on
         OR entry.escalated_to <> escalation.escalated_to)
)
"""


def upgrade() -> None:
    """End what was left standing, then keep it so."""
    op.execute(END_THOSE_LEFT_STANDING)
    standing = sa.text("ended_on IS NULL")
    op.create_index(
        "escalation_standing",
        "escalation",
        ["bad_information_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
