"""What the registry keeps, by subject. Every table is named here, so that none is forgotten.

A *version* is a record as it was before a change.
"""

from services.registry.store.tables.base import Table
from services.registry.store.tables.census import (
    CampaignRow,
    CensusDayRow,
    GridRow,
    PlanRow,
    PlanVersionRow,
    VisitRow,
)
from services.registry.store.tables.changes import ChangeRow, DisclosureRow
from services.registry.store.tables.editions import EditionRow, EntryRow
from services.registry.store.tables.enterprises import (
    EnterpriseKeyRow,
    EnterpriseRow,
    EnterpriseStatementRow,
    EnterpriseVersionRow,
)
from services.registry.store.tables.identity import MergeRow
from services.registry.store.tables.jobs import (
    ImportFaultRow,
    ImportJobRow,
    ImportPartRow,
    StatedKeyRow,
)
from services.registry.store.tables.likeness import BlockRow, CandidateRow, ComparedRow
from services.registry.store.tables.objects import (
    ObjectAliasRow,
    ObjectRow,
    ObjectStatementRow,
    ObjectVersionRow,
)
from services.registry.store.tables.products import (
    ProductRow,
    ProductVersionRow,
    StandardRow,
    StandardVersionRow,
)
from services.registry.store.tables.register import ImportRunRow, SaltRow
from services.registry.store.tables.search import (
    ExportRow,
    FollowedRow,
    FormerNameRow,
    ObjectWordsRow,
    SearchEntryRow,
)

__all__ = [
    "BlockRow",
    "CampaignRow",
    "CandidateRow",
    "CensusDayRow",
    "ChangeRow",
    "ComparedRow",
    "DisclosureRow",
    "EditionRow",
    "EnterpriseKeyRow",
    "EnterpriseRow",
    "EnterpriseStatementRow",
    "EnterpriseVersionRow",
    "EntryRow",
    "ExportRow",
    "FollowedRow",
    "FormerNameRow",
    "GridRow",
    "ImportFaultRow",
    "ImportJobRow",
    "ImportPartRow",
    "ImportRunRow",
    "MergeRow",
    "ObjectAliasRow",
    "ObjectRow",
    "ObjectStatementRow",
    "ObjectVersionRow",
    "ObjectWordsRow",
    "PlanRow",
    "PlanVersionRow",
    "ProductRow",
    "ProductVersionRow",
    "SaltRow",
    "SearchEntryRow",
    "StandardRow",
    "StandardVersionRow",
    "StatedKeyRow",
    "Table",
    "VisitRow",
]
