"""Which columns of the kept tables are facts that sources state."""

from __future__ import annotations

# The columns of a table that come from the rows of a file, in the order they are staged in.
FACTS: dict[str, tuple[str, ...]] = {
    "object": (
        "key",
        "number",
        "class_code",
        "label",
        "division",
        "address",
        "status",
        "commissioned_on",
        "traits",
        "maker",
        "filing_number",
        "records",
        "grid",
        "status_since",
        "common_number",
        "sealed",
        "number_hash",
        "installation_filing",
    ),
    "product": ("key", "name", "class_code"),
    "standard": (
        "key",
        "number",
        "name",
        "level",
        "part",
        "filed_on",
        "valid_until",
        "status",
    ),
}


RANKED = tuple(name for name in FACTS["object"] if name != "key")  # the first source's stays
