"""The organisation code that stands inside a credit code is said (GB 32100: 第9至17位)."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Else the next import would find every enterprise changed."""
    for table in ("enterprise", "enterprise_statement"):
        op.execute(
            f"UPDATE {table} SET organisation_code = substr(uscc, 9, 9) "  # noqa: S608 - our names
            "WHERE organisation_code IS NULL AND uscc IS NOT NULL"
        )
