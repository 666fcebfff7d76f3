"""Enterprises, their keys, objects, products, the record of imports."""

import sqlalchemy as sa
from alembic import op

from services.chassis.instants import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """All tables of the first release."""
    _enterprises()
    _objects()
    _products()
    _imports()


def _enterprises() -> None:
    op.create_table(
        "enterprise",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("key", sa.String(200)),
        sa.Column("uscc", sa.String(18)),
        sa.Column("organisation_code", sa.String(9)),
        sa.Column("registration_number", sa.String(15)),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("officer", sa.Text()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
    )
    op.create_index("enterprise_uscc", "enterprise", ["uscc"])
    op.create_table(
        "enterprise_key",
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
    )


def _objects() -> None:
    op.create_table(
        "object",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("number", sa.String(200)),
        sa.Column("class_code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("commissioned_on", sa.Date()),
        sa.Column("traits", sa.Text()),
        sa.Column("maker", sa.Text()),
        sa.Column("filing_number", sa.String(200)),
        sa.Column("records", sa.Text()),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
    )
    op.create_index("object_enterprise", "object", ["enterprise_id"])


def _products() -> None:
    op.create_table(
        "product",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("class_code", sa.Text()),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
    )
    op.create_index("product_enterprise", "product", ["enterprise_id"])


def _imports() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("mapping_name", sa.Text(), nullable=False),
        sa.Column("mapping_sha256", sa.String(64), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("suspicious", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=False),
    )
    op.create_index("import_run_finished", "import_run", ["finished_at"])
    op.create_table(
        "salt",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("salt", sa.String(64), nullable=False),
    )
