"""Which reader reads which field, under one mapping on one day."""

from __future__ import annotations

from collections.abc import Callable, Mapping as Of
from datetime import date
from functools import partial

from services.registry.mapping import cells
from services.registry.mapping.cells import EMPTY, Read, Reader
from services.registry.mapping.language import MONTHS, Mapping
from services.registry.mapping.meaning import EVERY_DATE
from services.registry.rules import certificates, identifiers, industries, people
from services.registry.rules.days import USUAL, DayReader
from services.registry.rules.divisions import Divisions
from services.registry.rules.reference import References, class_check
from services.registry.rules.status import words_of
from services.registry.rules.verdict import Verdict

Check = Callable[[str], Verdict]

_KEYS = ("key", "number", "filing_number", "installation_filing")
_TEXTS = ("name", "label", "holder", "class_code", "address", "maker", "officer")
_OF_ONE_FIELD = {"grid": cells.text_of(longest=40), "former_names": cells.names_of}
_PARTIES = ("owner.", "proprietor.")


class Fields:
    """Makes the readers of a mapping's fields."""

    def __init__(
        self, mapping: Mapping, *, today: date, references: References | None = None
    ) -> None:
        self.mapping = mapping
        self.today = today
        known = references or References.shipped()
        self._divisions = Divisions(known.edition("divisions"), mapping.divisions)
        self._class_code = class_check(known, mapping.kind, today=today)
        self._industry = partial(
            industries.industry, edition=known.edition("industries"), today=today
        )
        self._checks: Of[str, Check] = {
            "equipment_code": partial(certificates.equipment_code, today=today),
            "registration_code": partial(certificates.registration_code, today=today),
            "use_registration": certificates.use_registration,
            "production_licence": certificates.production_licence,
            "resident_id": partial(people.resident_id, today=today),
            "operator_certificate": partial(people.operator_certificate, today=today),
        }

    def reader(self, field: str) -> Reader:
        """The reader of one field, e.g. `status` or `owner.uscc`."""
        read = self._plain(field)
        if (values := self.mapping.values.get(field)) and field != "traits":
            read = cells.mapped(values, read)
        looked_at = field in self.mapping.values or field in self.mapping.units
        plain = 0 if looked_at else self._plain_length(field)
        return self._remembering(field, read, plain=plain)

    def day_reader(self, field: str, *, name: str) -> Reader:
        """The reader of a date. *name* tells what date it is, e.g. `stated_due_on`."""
        formats = self.mapping.dates.get(field) or self.mapping.dates.get(EVERY_DATE) or USUAL
        days = DayReader.of(formats, last_of_month=name == "stated_due_on")
        read = cells.day_of(days, latest=self.today if name == "done_on" else None)
        return self._remembering(field, read)

    def months_reader(self, unit: str) -> Reader:
        """The reader of a cycle."""
        read: Callable[[str], Read] = cells.months_of
        if unit != MONTHS:
            read = cells.measured(unit, MONTHS, read)
        return Reader(read, self.mapping.blank)

    def constant(self, field: str) -> Read:
        """What holds where the cell is empty."""
        text = self.mapping.constants.get(field)
        return EMPTY if text is None else self._plain(field)(text)

    def _remembering(
        self, field: str, read: Callable[[str], Read], *, plain: int = 0
    ) -> Reader:
        tolerated = field in self.mapping.tolerate
        read = cells.tolerant(read) if tolerated else read
        return Reader(read, self.mapping.blank, plain=plain)

    def _plain_length(self, field: str) -> int:
        """How long a text may be that is its own value; 0 where every cell is looked at."""
        name = bare(field)
        if name in _KEYS:
            return 0 if field in self.mapping.checks else cells.LONGEST_KEY
        if name == "class_code" and self._class_code is not None:
            return 0
        return cells.LONGEST_TEXT if name in _TEXTS else 0

    def _plain(self, field: str) -> Callable[[str], Read]:
        name = bare(field)
        if (both := self.mapping.units.get(field)) and name != "traits":
            return cells.measured(*both, cells.text_of())
        if name in _KEYS:
            check = self.mapping.checks.get(field)
            return cells.key_of(self._checks[check] if check else None)
        if words := words_of(self.mapping.kind, field):
            return cells.word_of(words)
        if name == "traits":
            return cells.traits_of(
                self.mapping.values.get(field), self.mapping.units.get(field)
            )
        if name == "division":
            return cells.checked_by(partial(self._divisions.check, today=self.today))
        if name == "class_code" and self._class_code is not None:
            return cells.text_checked_by(self._class_code)
        checks: dict[str, Check] = {
            "uscc": identifiers.uscc,
            "organisation_code": identifiers.organisation_code,
            "registration_number": identifiers.registration_number,
            "email": people.email_address,
            "phone": people.phone,
            "industry": self._industry,
        }
        if name in checks:
            return cells.checked_by(checks[name])
        return _OF_ONE_FIELD.get(name) or cells.text_of()


def bare(field: str) -> str:
    """The field without whose it is: `name` for `owner.name`."""
    for party in _PARTIES:
        field = field.removeprefix(party)
    return field
