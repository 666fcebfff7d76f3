"""The same rows into bare tables: what a database does where nobody checks, knows or tells.

Each table is text columns and a numbered key, filled in one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, insert

Rows = Sequence[Sequence[str]]
SLICE = 5000


def copied(postgres: Any, tables: Iterable[Rows]) -> float:
    """Rows a second by COPY, a row at a time as psycopg takes them."""
    seconds, many = 0.0, 0
    with postgres._connect() as connection:
        for rows in tables:
            names = [f"c{n}" for n in range(len(rows[0]))]
            columns = ", ".join(f"{name} text" for name in names)
            connection.execute("DROP TABLE IF EXISTS bare")
            connection.execute(f"CREATE TEMP TABLE bare (id bigserial PRIMARY KEY, {columns})")
            start = time.perf_counter()
            with (
                connection.transaction(),
                connection.cursor() as cursor,
                cursor.copy(f"COPY bare ({', '.join(names)}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
            seconds += time.perf_counter() - start
            many += len(rows)
    return many / seconds


def inserted(url: str, tables: Iterable[Rows]) -> float:
    """Rows a second by SQLAlchemy's bulk insert (Core, 5,000 rows at once)."""
    seconds, many = 0.0, 0
    engine = create_engine(url)
    for number, rows in enumerate(tables):
        names = [f"c{n}" for n in range(len(rows[0]))]
        bare = Table(
            f"bare_{number}",
            MetaData(),
            Column("id", Integer, primary_key=True),
            *(Column(name, Text) for name in names),
        )
        bare.create(engine)
        start = time.perf_counter()
        with engine.begin() as connection:
            for at in range(0, len(rows), SLICE):
                some = [dict(zip(names, row, strict=True)) for row in rows[at : at + SLICE]]
                connection.execute(insert(bare), some)
        seconds += time.perf_counter() - start
        many += len(rows)
        bare.drop(engine)
    engine.dispose()
    return many / seconds
