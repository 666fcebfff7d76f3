"""The search box: names by pairs of characters, former names, who took a result away."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from services.chassis.instants import Instant

revision = "0007"
down_revision = "0006"

_FULL_TEXT = (
    """CREATE VIRTUAL TABLE search_gram USING fts5(
    grams, content='search_entry', content_rowid='position', tokenize='ascii', columnsize=0)""",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_gram(rowid, grams) VALUES (new.position, new.grams);
    END""",
    """CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_gram(search_gram, rowid, grams)
    VALUES ('delete', old.position, old.grams);
    END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE OF grams ON search_entry BEGIN
    INSERT INTO search_gram(search_gram, rowid, grams)
    VALUES ('delete', old.position, old.grams);
    INSERT INTO search_gram(rowid, grams) VALUES (new.position, new.grams);
    END""",
)
_BEGINS = {
    "enterprise": ("uscc", "registration_number", "organisation_code"),
    "object": ("number", "key", "filing_number"),
}


def upgrade() -> None:
    """The index is filled by the service itself, which follows the enterprises from the first."""
    _entries()
    op.create_table(
        "former_name",
        sa.Column("enterprise_id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("given_up_at", Instant(), nullable=False),
    )
    op.create_table(
        "export",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
    )
    op.create_index("export_time", "export", ["made_at"])
    op.create_table(
        "followed",
        sa.Column("what", sa.Text(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
    )
    op.create_index("enterprise_revision", "enterprise", ["revision"])
    for table, names in _BEGINS.items():
        for name in names:
            op.create_index(
                f"{table}_{name}_begins",
                table,
                [name],
                postgresql_ops={name: "varchar_pattern_ops"},
            )


def _entries() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "search_entry",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("grams", ARRAY(sa.Text()) if postgresql else sa.Text(), nullable=False),
    )
    op.create_index("search_entry_enterprise", "search_entry", ["enterprise_id"], unique=True)
    if postgresql:
        op.create_index("search_entry_grams", "search_entry", ["grams"], postgresql_using="gin")
        return
    for statement in _FULL_TEXT:
        op.execute(statement)
