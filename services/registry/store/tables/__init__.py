"""What the registry keeps, by subject. Every table is named here, so that none is forgotten."""

from services.registry.store.tables.base import Table
from services.registry.store.tables.register import (
    EnterpriseKeyRow,
    EnterpriseRow,
    ImportRunRow,
    ObjectRow,
    ProductRow,
    SaltRow,
)

__all__ = [
    "EnterpriseKeyRow",
    "EnterpriseRow",
    "ImportRunRow",
    "ObjectRow",
    "ProductRow",
    "SaltRow",
    "Table",
]
