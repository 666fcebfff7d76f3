"""Facts to staged rows: ids, digests, one statement for the same words about an enterprise."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from hashlib import blake2b
from types import TracebackType
from typing import Any, Self

from sqlalchemy.orm import Session

from services.registry.model import (
    EnterpriseFacts,
    ObjectFacts,
    ProductFacts,
    RowKind,
    Thing,
)
from services.registry.rules.people import masked_number
from services.registry.store import identity
from services.registry.store.packing import packed_records, packed_traits
from services.registry.store.staged import STATED, Spool, Staged, facts_kept, table_of

SLICE = 5000
REMEMBERED = 20_000


class Staging:
    """Takes the facts of good rows, line by line, and loads them into the staged tables."""

    def __init__(self, source: str, kind: RowKind, salt: str) -> None:
        self.staged = Staged.for_kind(kind)
        self.source = source
        self.salt = salt
        self.rows = 0
        self.owners = 0
        self.codes = self.keys = False  # whether any enterprise is named by one
        flat: dict[RowKind, Callable[[int, Any], tuple[Any, ...]]] = {
            RowKind.ENTERPRISE: self._enterprise,
            RowKind.PRODUCT: self._product,
            RowKind.OPERATOR: self._operator,
        }
        self._flat: Callable[[int, Any], tuple[Any, ...]] = flat.get(kind, self._object)
        self._kind = kind
        kept = table_of(kind)
        facts = facts_kept(kept) if kept is not None else ("key",)
        self._closing = ExitStack()
        self._row_spool = Spool(self.staged.rows, ("line", "id", "owner_ref", "digest", *facts))
        self._closing.callback(self._row_spool.close)
        self._owner_spool = Spool(
            self.staged.owners, ("ref", "by_uscc", "by_key", "key", *STATED)
        )
        self._closing.callback(self._owner_spool.close)
        self._waiting_rows: list[tuple[Any, ...]] = []
        self._waiting_owners: list[tuple[Any, ...]] = []
        self._refs: dict[EnterpriseFacts, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._closing.close()

    def add(self, line: int, thing: Thing) -> None:
        """One good row."""
        self._waiting_rows.append(self._flat(line, thing))
        self.rows += 1
        if len(self._waiting_rows) >= SLICE:
            self._spool()

    def load(self, session: Session) -> Staged:
        """Everything into the staged tables of this session's transaction."""
        self._spool()
        self.staged.create(session)
        self._owner_spool.load(session)
        self._row_spool.load(session)
        self.staged.index(session)
        return self.staged

    def _spool(self) -> None:
        self._owner_spool.write(self._waiting_owners)
        self._row_spool.write(self._waiting_rows)
        self._waiting_owners.clear()
        self._waiting_rows.clear()

    def _ref(self, facts: EnterpriseFacts) -> int:
        """The number of a statement. The same words soon after are the same statement."""
        known = self._refs.get(facts)
        if known is not None:
            return known
        if len(self._refs) >= REMEMBERED:
            self._refs.clear()
        self.owners += 1
        self._refs[facts] = self.owners
        self.codes = self.codes or facts.uscc is not None
        self.keys = self.keys or facts.key is not None
        by_uscc = identity.enterprise_by_uscc(facts.uscc) if facts.uscc else None
        by_key = identity.enterprise_by_key(self.source, facts.key) if facts.key else None
        self._waiting_owners.append((self.owners, by_uscc, by_key, *facts))
        return self.owners

    def _enterprise(self, line: int, facts: EnterpriseFacts) -> tuple[Any, ...]:
        """Its id is known only when its keys have been looked up."""
        return (line, None, self._ref(facts), None, facts.key or facts.uscc)

    def _product(self, line: int, facts: ProductFacts) -> tuple[Any, ...]:
        stated = facts[:3]
        thing = identity.thing(self.source, self._kind, facts.key)
        return (line, thing, self._ref(facts.owner), self._digest(stated), *stated)

    def _object(self, line: int, facts: ObjectFacts) -> tuple[Any, ...]:
        stated = _stated(facts)
        thing = identity.thing(self.source, self._kind, facts.key)
        return (line, thing, self._ref(facts.owner), self._digest(stated), *stated)

    def _operator(self, line: int, facts: ObjectFacts) -> tuple[Any, ...]:
        """What hides the number is kept of it; the digest and the id are of all of it."""
        key, number, *rest = stated = _stated(facts)
        person = identity.person(self.source, facts.key, self.salt)
        kept = (masked_number(key), number and masked_number(number), *rest)
        return (line, person, self._ref(facts.owner), self._digest(stated), *kept)

    def _digest(self, stated: tuple[str | None, ...]) -> str:
        words = "\x1f".join([word or "" for word in stated])
        return blake2b(words.encode(), key=self.salt.encode(), digest_size=16).hexdigest()


def _stated(facts: ObjectFacts) -> tuple[Any, ...]:
    """In the order of the columns that are kept."""
    (
        _kind,
        key,
        number,
        class_code,
        label,
        division,
        address,
        status,
        commissioned_on,
        traits,
        maker,
        filing_number,
        records,
        _owner,
    ) = facts
    return (
        key,
        number,
        class_code,
        label,
        division,
        address,
        status.value,
        commissioned_on and commissioned_on.isoformat(),
        packed_traits(traits),
        maker,
        filing_number,
        packed_records(records),
    )
