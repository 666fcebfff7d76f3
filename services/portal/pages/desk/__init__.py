"""The workbench of the bureau's staff."""

from __future__ import annotations

from services.portal.pages.desk import (
    analysis,
    audit,
    bookings,
    cases,
    census,
    complaints,
    credit,
    directives,
    documents,
    enterprises,
    exports,
    home,
    imports,
    messages,
    objects,
    orders,
    people,
    reminding,
    search,
    system,
    tokens,
    visits,
    worklist,
)

BLUEPRINTS = tuple(
    module.views
    for module in (
        *(home, worklist, search, enterprises, objects, documents, exports),
        *(orders, cases, complaints, visits, bookings, reminding),
        *(credit, messages, directives, analysis, imports, census, system),
        *(people, tokens, audit),
    )
)
