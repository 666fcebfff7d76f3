"""Counting rows while an import runs. Counts are exact; of the words the first are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping as Of, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.registry.mapping import Mapping
from services.registry.mapping.drafting import Draft
from services.registry.model import ImportReport, Outcome, RowError
from services.registry.store import exact_keys
from services.registry.store.exact_keys import Disagreement
from services.registry.store.matching import DUPLICATE, OWNERLESS
from services.registry.store.settling import CHANGED, NEW, OWNER_CHANGED, SAME

KEPT = 10_000
Told = Callable[[bool, Sequence[RowError]], None]  # whether they refuse the row, and they


@dataclass
class Tally:
    """What the rows of one file came to so far."""

    mapping: Mapping
    tell: Told = lambda _refused, _faults: None
    rows: int = 0
    wrong: int = 0
    suspicious: int = 0
    skips: Counter[str] = field(default_factory=Counter)
    sheet: str | None = None
    verdicts: Of[str, int] = field(default_factory=dict)
    _errors: list[RowError] = field(default_factory=list)
    _findings: list[RowError] = field(default_factory=list)

    def drafted(self, draft: Draft) -> None:
        """A row was read."""
        self.rows += 1
        if draft.skipped is not None:
            self.skips[draft.skipped] += 1
            return
        if draft.thing is None:
            self.wrong += 1
            self._keep(self._errors, draft.errors)
        if draft.findings:
            self.suspicious += len(draft.findings)
            self._keep(self._findings, draft.findings)

    def settled(
        self, verdicts: Of[str, int], refused: Iterable[Sequence[tuple[int, str, str, int]]]
    ) -> None:
        """The good rows were held against the registry and each other."""
        self.verdicts = verdicts
        self.wrong += verdicts.get(DUPLICATE, 0) + verdicts.get(OWNERLESS, 0)
        later: list[RowError] = []  # of the first lines that are wrong, whenever found
        for some in refused:
            self._keep(later, [self._refused(*row) for row in some])
        self._errors += later

    def disagreed(self, found: Sequence[Disagreement]) -> None:
        """Exact keys lead to different enterprises: nothing was joined by the weaker one."""
        self.suspicious += len(found)
        self._keep(self._findings, [self._disagreement(each) for each in found])

    @property
    def written(self) -> int:
        """How many rows are new or changed."""
        return sum(self.verdicts.get(verdict, 0) for verdict in (NEW, CHANGED, OWNER_CHANGED))

    def report(self, outcome: Outcome, run_id: UUID | None) -> ImportReport:
        found = self.verdicts.get
        return ImportReport(
            outcome=outcome,
            run_id=run_id,
            rows=self.rows,
            new=found(NEW, 0),
            changed=found(CHANGED, 0) + found(OWNER_CHANGED, 0),
            same=found(SAME, 0),
            wrong=self.wrong,
            suspicious=self.suspicious,
            errors=tuple(sorted(self._errors, key=lambda error: error.line)[:KEPT]),
            findings=tuple(self._findings),
            sheet=self.sheet,
            skipped=self.skips.total(),
            skips=dict(self.skips),
        )

    def _refused(self, line: int, verdict: str, key: str, first_line: int) -> RowError:
        if verdict == DUPLICATE:
            return RowError(
                line,
                self._column("key", "number", "uscc"),
                key,
                "duplicate_key",
                f"与第{first_line}行重复,以第{first_line}行为准",
                "同一编号在一个文件里只能出现一次",
            )
        return RowError(
            line,
            self._column("owner.key", "owner.uscc"),
            key,
            "owner_unknown",
            "所属单位没有名称或区划,也没有登记过",
            "先导入该单位,或在本文件中写明其名称和区划",
        )

    def _disagreement(self, found: Disagreement) -> RowError:
        called = exact_keys.WORDS[found.by]
        return RowError(
            found.line,
            self._column(found.by, f"owner.{found.by}"),
            found.value,
            "keys_disagree",
            f"{called}指向“{found.other}”,其他号码指向“{found.taken or '新企业'}”,未自动合并",
            "请核对两份档案;确属同一企业的,人工合并",
        )

    def _column(self, *fields: str) -> str:
        for name in fields:
            if name in self.mapping.columns:
                return "、".join(self.mapping.columns[name].names)
        return fields[0]

    def _keep(self, kept: list[RowError], more: Sequence[RowError]) -> None:
        self.tell(kept is not self._findings, more)
        if len(kept) < KEPT:
            kept.extend(more)
