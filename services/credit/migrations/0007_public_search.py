"""What the public lists and searches by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# Names are found by every two letters that follow one another in them: two are what the public
# must type at least, and a trigram index finds nothing by two.
PAIRS_OF_LETTERS = """
CREATE OR REPLACE FUNCTION pairs_of_letters(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT coalesce(array_agg(DISTINCT substr(word, n, 2)), '{}')
   FROM generate_series(1, length(word) - 1) AS n $$
"""


def upgrade() -> None:
    was_public = sa.text("published_on IS NOT NULL")
    op.create_index(
        "bad_information_listed",
        "bad_information",
        ["published_on", "id"],
        postgresql_where=was_public,
        sqlite_where=was_public,
    )
    op.create_index("enterprise_uscc", "enterprise", ["uscc"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(PAIRS_OF_LETTERS)
        op.create_index(
            "enterprise_name_pairs",
            "enterprise",
            [sa.text("pairs_of_letters(name)")],
            postgresql_using="gin",
        )
