"""Facts to staged rows: ids, digests, one statement for the same words about an enterprise."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from types import TracebackType
from typing import Any, Self

from sqlalchemy.orm import Session

from services.chassis.sealing import KeysBroken, Seals
from services.registry.mapping.language import Mapping
from services.registry.model import (
    EnterpriseFacts,
    ObjectFacts,
    ProductFacts,
    RowKind,
    StandardFacts,
    Thing,
)
from services.registry.rules.certificates import common_number
from services.registry.rules.people import masked_number
from services.registry.rules.verdict import plain
from services.registry.store import exact_keys, identity
from services.registry.store.packing import packed_person, packed_records, packed_traits
from services.registry.store.spooling import Spool
from services.registry.store.staged import STATED, Staged, facts_kept, table_of

SLICE = 5000
REMEMBERED = 20_000
_ALWAYS = 12  # facts of an object that every digest is over


class Staging:
    """Takes the facts of good rows, line by line, and loads them into the staged tables."""

    def __init__(self, mapping: Mapping, salt: str, seals: Seals | None) -> None:
        self.staged = Staged.for_kind(mapping.kind)
        self.source = mapping.source
        self.salt = salt
        self.seals = seals
        self.rows = 0
        self.owners = 0
        self.codes = self.keys = self.numbers = False  # whether any enterprise has one
        flat: dict[RowKind, Callable[[int, Any], tuple[Any, ...]]] = {
            RowKind.ENTERPRISE: self._enterprise,
            RowKind.PRODUCT: self._product,
            RowKind.STANDARD: self._standard,
            RowKind.OPERATOR: self._operator,
        }
        self._flat: Callable[[int, Any], tuple[Any, ...]] = flat.get(mapping.kind, self._object)
        self._kind = mapping.kind
        kept = table_of(mapping.kind)
        facts = facts_kept(kept) if kept is not None else ("key",)
        self._closing = ExitStack()
        self._row_spool = Spool(
            self.staged.rows, ("line", "id", "owner_ref", "proprietor_ref", "digest", *facts)
        )
        self._closing.callback(self._row_spool.close)
        self._owner_spool = Spool(
            self.staged.owners, ("ref", "by_uscc", "by_key", "key", *STATED, "implied_division")
        )
        self._closing.callback(self._owner_spool.close)
        self._waiting_rows: list[tuple[Any, ...]] = []
        self._waiting_owners: list[tuple[Any, ...]] = []
        own = mapping.kind is RowKind.ENTERPRISE
        self._owner = _Party(implies_division=not own and not mapping.states("owner.division"))
        self._proprietor = _Party(implies_division=not mapping.states("proprietor.division"))

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

    def _ref(self, facts: EnterpriseFacts, party: _Party) -> int:
        """The number of a statement. The same words soon after are the same statement."""
        known = party.refs.get(facts)
        if known is not None:
            return known
        if len(party.refs) >= REMEMBERED:
            party.refs.clear()
        self.owners += 1
        party.refs[facts] = self.owners
        facts = exact_keys.with_organisation(facts)
        self.numbers = self.numbers or bool(
            facts.organisation_code or facts.registration_number
        )
        self.codes = self.codes or facts.uscc is not None
        self.keys = self.keys or facts.key is not None
        by_uscc = identity.enterprise_by_uscc(facts.uscc) if facts.uscc else None
        by_key = identity.enterprise_by_key(self.source, facts.key) if facts.key else None
        implied = facts.division if party.implies_division else None
        if implied or facts.phone or facts.legal_representative:
            facts = facts._replace(
                division=None if implied else facts.division,
                phone=self._sealed(facts.phone),
                legal_representative=self._sealed(facts.legal_representative),
            )
        self._waiting_owners.append((self.owners, by_uscc, by_key, *facts, implied))
        return self.owners

    def _sealed(self, word: str | None) -> str | None:
        if word is None:
            return None
        if self.seals is None:
            raise KeysBroken("personal data came, and no key to seal it with was given")
        return self.seals.seal(word)

    def _enterprise(self, line: int, facts: EnterpriseFacts) -> tuple[Any, ...]:
        """Its id is known only when its keys have been looked up."""
        ref = self._ref(facts, self._owner)
        return (line, None, ref, None, None, facts.key or facts.uscc)

    def _product(self, line: int, facts: ProductFacts) -> tuple[Any, ...]:
        return self._kept(line, facts.key, facts.owner, None, facts[:3], facts[:3])

    def _standard(self, line: int, facts: StandardFacts) -> tuple[Any, ...]:
        key, number, name, level, part, filed_on, valid_until, status, owner = facts
        stated = (
            *(key, number, name, level.value, part.value),
            *(_day(filed_on), _day(valid_until)),
            status.value,
        )
        return self._kept(line, key, owner, None, stated, stated)

    def _object(self, line: int, facts: ObjectFacts) -> tuple[Any, ...]:
        stated = _stated(facts)
        common = common_number(facts.kind, facts.number or facts.key)
        kept = (*stated[: _ALWAYS + 2], common, None, None, facts.installation_filing)
        return self._kept(line, facts.key, facts.owner, facts.proprietor, stated, kept)

    def _operator(self, line: int, facts: ObjectFacts) -> tuple[Any, ...]:
        """What hides the number is kept of it; the digest and the id are of all of it."""
        stated = _stated(facts)
        key, number, *rest = stated[: _ALWAYS + 2]
        whole = {"name": facts.holder, "number": facts.number or key, "phone": facts.phone}
        kept = (
            *(masked_number(key), number and masked_number(number), *rest),
            *(None, self._sealed(packed_person(whole)), self._hash(facts.number or key), None),
        )
        row = self._kept(line, key, facts.owner, None, stated, kept)
        return (line, identity.person(self.source, key, self.salt), *row[2:])

    def _hash(self, number: str) -> str | None:
        return self.seals.hash(plain(number)) if self.seals else None

    def _kept(
        self,
        line: int,
        key: str,
        owner: EnterpriseFacts,
        proprietor: EnterpriseFacts | None,
        stated: tuple[Any, ...],
        kept: tuple[Any, ...],
    ) -> tuple[Any, ...]:
        """A staged row: its id, whose it is, the digest of what is stated, what is kept."""
        return (
            line,
            identity.thing(self.source, self._kind, key),
            self._ref(owner, self._owner),
            self._ref(proprietor, self._proprietor) if proprietor else None,
            self._digest(stated),
            *kept,
        )

    def _digest(self, stated: tuple[str | None, ...]) -> str:
        """Facts that came with later versions count only where they are stated."""
        words = [word or "" for word in stated[:_ALWAYS]]
        words += [f"{place}={word}" for place, word in enumerate(stated[_ALWAYS:]) if word]
        joined = "\x1f".join(words).encode()
        return blake2b(joined, key=self.salt.encode(), digest_size=16).hexdigest()


@dataclass
class _Party:
    """Enterprises in one role. *implies_division*: their place is only that of the thing."""

    implies_division: bool
    refs: dict[EnterpriseFacts, int] = field(default_factory=dict)


def _stated(facts: ObjectFacts) -> tuple[Any, ...]:
    """In the order of the columns that are kept, the first _ALWAYS of them since ever."""
    return (
        *facts[1:7],
        facts.status.value,
        _day(facts.commissioned_on),
        packed_traits(facts.traits),
        facts.maker,
        facts.filing_number,
        packed_records(facts.records),
        facts.grid,
        _day(facts.status_since),
        facts.holder,
        facts.phone,
        facts.installation_filing,
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
