"""登记与改写 — how a record comes in, and how its words are put right.

依据: 中国质量新闻网 2013-12-13 (来源: 执法检查、投诉举报、新闻媒体、上级和其他部门). 媒体报道未经
核实的,只作线索.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.chassis.policy import Policy
from services.credit.model import (
    Content,
    Ground,
    GroundKind,
    Record,
    RecordState,
    RecordStep,
    What,
)
from services.credit.rules.records.grounds import WORDS
from services.credit.rules.records.terms import publish_by, share_by
from services.credit.rules.refusal import NotAllowed
from services.events.credit import RecordClass, RecordKind, RecordSource, Severity

CLASSES: dict[RecordKind, RecordClass] = {
    RecordKind.BAD_INFORMATION: RecordClass.DISHONESTY,
    RecordKind.PENALTY: RecordClass.DISHONESTY,
    RecordKind.SERIOUS_LIST: RecordClass.DISHONESTY,
    RecordKind.SAFETY_ALERT: RecordClass.QUALITY,
    RecordKind.DEMONSTRATION: RecordClass.DEMONSTRATION,
    RecordKind.QUALIFICATION: RecordClass.QUALIFICATION,
}
ADVERSE = frozenset({RecordKind.BAD_INFORMATION, RecordKind.PENALTY, RecordKind.SERIOUS_LIST})


def check_from_outside(source: RecordSource, grounds: Sequence[Ground]) -> None:
    """其他部门登记的,来源为其他部门,只附来源文书;审核、认定、上级同意和告知、申辩由本局登记."""
    if source is not RecordSource.DEPARTMENT:
        raise NotAllowed(
            "source_of_the_bureau",
            "其他部门登记的信息,来源只能是其他部门。",
            "请将来源填为 department。",
        )
    foreign = [each.kind for each in grounds if each.kind is not GroundKind.SOURCE_DOCUMENT]
    if foreign:
        words = "、".join(WORDS[kind] for kind in foreign)
        raise NotAllowed(
            "ground_of_the_bureau",
            f"以下前提只能由本局登记: {words}。",
            "其他部门登记时只附来源文书 (source_document)。",
        )


def check_superseded(
    former: Record | None, enterprise_id: UUID, together: Collection[UUID]
) -> None:
    """所替代的记录须在案,并且是同一企业的."""
    if former is None or former.enterprise_id not in {enterprise_id, *together}:
        raise NotAllowed(
            "supersedes_another",
            "所替代的记录 (supersedes) 不是同一企业的记录。",
            "请填写同一企业的记录编号,或者不填。",
        )


def enter(
    record_id: UUID,
    *,
    enterprise_id: UUID,
    division: str,
    kind: RecordKind,
    source: RecordSource,
    content: Content,
    grounds: tuple[Ground, ...] = (),
    by: str | None,
    today: date,
    policy: Policy,
    origin: UUID | None = None,
    caused_by: UUID | None = None,
) -> RecordStep:
    """来源信息由具名人员登记,写明来源、依据和日期;新闻媒体报道只登记为线索,核实后方可拟制."""
    complete(kind, content, today=today)
    _named(by)
    record = Record(
        id=record_id,
        enterprise_id=enterprise_id,
        division=division,
        kind=kind,
        record_class=CLASSES[kind],
        source=source,
        content=content,
        state=RecordState.LEAD if source is RecordSource.MEDIA else RecordState.DRAFTED,
        opened_on=today,
        opened_by=by,
        origin=origin,
        grounds={ground.kind: ground for ground in grounds},
    )
    return _entered(_with_terms(record, policy=policy), caused_by)


def _named(by: str | None) -> None:
    """None: nobody entered it, an event did."""
    if by is not None and not by.strip():
        raise NotAllowed("name_missing", "须由具名人员登记。", "请以本人账号登录后再登记。")


def _entered(record: Record, caused_by: UUID | None) -> RecordStep:
    return RecordStep(
        what=What.ENTER,
        record=record,
        rule="enter",
        on=record.opened_on,
        by=record.opened_by,
        caused_by=caused_by,
        particulars={"kind": record.kind.value, "source": record.source.value},
    )


def _with_terms(record: Record, *, policy: Policy) -> Record:
    """A penalty is to be published and shared within its terms."""
    decided = record.content.decided_on
    if record.kind is not RecordKind.PENALTY or decided is None:
        return record
    return replace(
        record, publish_by=publish_by(decided, policy), share_by=share_by(decided, policy)
    )


def verify(record: Record, ground: Ground, *, by: str, today: date) -> RecordStep:
    """媒体线索经具名人员核实并附核实材料(文号、机关、日期)的,方可拟制为记录."""
    if record.state is not RecordState.LEAD:
        raise NotAllowed("not_a_lead", "这条记录不是线索,无需核实。", "可以直接补充前提。")
    if not by.strip():
        raise NotAllowed("name_missing", "线索须由具名人员核实。", "请以本人账号登录后再核实。")
    if not (ground.document_number and ground.authority and ground.words.strip()):
        raise NotAllowed(
            "verified_source_missing",
            "未附核实材料,媒体报道不得作为诚信记录。",
            "请补充核实材料的文号、机关、日期和内容。",
        )
    filed = {
        GroundKind.VERIFIED_SOURCE: replace(ground, kind=GroundKind.VERIFIED_SOURCE),
        GroundKind.SOURCE_DOCUMENT: replace(ground, kind=GroundKind.SOURCE_DOCUMENT),
    }
    after = replace(record, state=RecordState.DRAFTED, grounds={**record.grounds, **filed})
    return RecordStep(
        what=What.VERIFY,
        record=after,
        rule="verify",
        on=today,
        by=by,
        particulars={"words": ground.words},
    )


def complete(kind: RecordKind, content: Content, *, today: date) -> None:
    """登记须写明内容、依据、机关;失信信息须写明程度,处罚须写明决定日期. Raises NotAllowed."""
    wanting = [
        name
        for name, text in (
            ("公示内容", content.content),
            ("依据", content.basis),
            ("决定机关", content.authority),
        )
        if not text.strip()
    ]
    if kind in ADVERSE and content.severity is None:
        wanting.append("违法失信程度")
    if kind is RecordKind.PENALTY and content.decided_on is None:
        wanting.append("决定日期")
    if wanting:
        raise NotAllowed(
            "content_incomplete", f"缺少{'、'.join(wanting)}。", "请补齐后再登记。"
        )
    if kind is RecordKind.SERIOUS_LIST and content.severity is not Severity.SERIOUS:
        raise NotAllowed(
            "not_serious",
            "列入严重违法失信名单的,程度只能是严重。",
            "其他程度请登记为不良信息。",
        )
    if content.decided_on is not None and content.decided_on > today:
        raise NotAllowed("decided_in_future", "决定日期不得晚于今天。", "请核对决定日期。")
