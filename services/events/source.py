"""What the linked systems announce: they are no services of the platform."""

from datetime import datetime
from typing import Annotated

from services.events.contract import Event


class RowsStated(Event, announced_by="source", version=1):
    """来源系统陈述的一批台账行. Rows of one of its tables, as it keeps them itself.

    At most 5,000 rows. A repetition carries the same message id. Of two statements about
    the same key the one that was stated later holds, in whatever order they arrive.
    """

    system: Annotated[str, "metrology, quality, fibre, special or codes"]
    table: Annotated[str, "which of its tables, e.g. instruments (docs/adapters.md)"]
    columns: Annotated[tuple[str, ...], "the table's own column names, once for all rows"]
    rows: Annotated[
        tuple[tuple[str | None, ...], ...], "a cell for each column, as text; null: empty"
    ]
    stated_at: Annotated[
        datetime | None, "when the system stated them; null: the time of the message"
    ]
