"""在案的前提 — what must be on file before something adverse is public.

依据: 《行政处罚法》第四十四条、第四十五条、第六十四条; 市场监管总局令第44号、第45号.
Which grounds a kind of record needs is policy (`publication_needs`), dated and by profile.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.chassis.policy import Policy
from services.credit.model import Ground, GroundKind, Record, RecordState, RecordStep, What
from services.credit.rules.records.terms import statement_until
from services.credit.rules.refusal import NotAllowed
from services.events.credit import RecordKind

WORDS: dict[GroundKind, str] = {
    GroundKind.SOURCE_DOCUMENT: "来源文书(文号、机关、日期)",
    GroundKind.VERIFIED_SOURCE: "经核实的来源材料",
    GroundKind.ORDINARY_PROCEDURE: "普通程序作出的处罚决定",
    GroundKind.PUBLICATION_NOTICE: "书面告知当事人将予公示",
    GroundKind.REPAIR_NOTICE: "书面告知信用修复的办法",
    GroundKind.NOTICE: "事先告知书的送达",
    GroundKind.STATEMENT: "陈述申辩的听取,或者期限届满未提出",
    GroundKind.HEARING: "听证的举行,或者当事人未申请、放弃听证的记录",
    GroundKind.LISTED_VIOLATION: "属于名单所列的违法情形",
    GroundKind.HEAVIER_PENALTY: "较重行政处罚",
    GroundKind.SERIOUSNESS: "具名人员对性质恶劣、情节严重、社会危害较大的认定及理由",
    GroundKind.DECISION_SERVED: "决定书的送达",
    GroundKind.SUPERIOR_APPROVAL: "上级部门同意列入",
    GroundKind.REFUSAL: "拒绝整改或者严重违法的记录",
    GroundKind.REVIEW: "信息协调中心具名人员的审核",
}
DATED_AFTER_NOTICE = frozenset({GroundKind.STATEMENT, GroundKind.HEARING})


def file_ground(
    record: Record, ground: Ground, *, by: str, today: date, policy: Policy
) -> RecordStep:
    """前提须由具名人员登记,写明日期、内容;申辩和听证不得早于告知,今后的日期不得登记."""
    _open(record)
    _named(by)
    if ground.on > today:
        raise NotAllowed(
            "ground_in_future", "今后的日期不能作为在案的前提。", "请在事情办妥后再登记。"
        )
    if not ground.words.strip():
        raise NotAllowed(
            "ground_without_words", "登记前提须写明内容或理由。", "请填写内容后再登记。"
        )
    notice = record.grounds.get(GroundKind.NOTICE)
    if ground.kind in DATED_AFTER_NOTICE and (notice is None or ground.on < notice.on):
        raise NotAllowed(
            "notice_first",
            f"没有在先的告知,不能登记{WORDS[ground.kind]}。",
            "请先送达事先告知书并登记。",
        )
    after = replace(record, grounds={**record.grounds, ground.kind: ground})
    if ground.kind is GroundKind.NOTICE:
        until = statement_until(ground.on, policy)
        after = replace(after, statement_until=until)
    return RecordStep(
        what=What.FILE,
        record=after,
        rule="file_ground",
        on=today,
        by=by,
        particulars={"kind": ground.kind.value, "words": ground.words},
    )


def needed(kind: RecordKind, *, on: date, policy: Policy) -> list[GroundKind]:
    """公示前须具备的前提,按公示当日的规定;列入名单还须上级同意的,一并列出."""
    rows = policy.table("publication_needs", on=on)
    [names] = [row["needs"] for row in rows if row["kind"] == kind.value]
    approval = kind is RecordKind.SERIOUS_LIST and policy.flag(
        "superior_approval_needed", on=on
    )
    extra = [GroundKind.SUPERIOR_APPROVAL] if approval else []
    return [GroundKind(name) for name in names] + extra


def missing(record: Record, *, today: date, policy: Policy) -> list[str]:
    """缺哪些前提,一次列明;陈述申辩期限届满而未提出的,视为已经听取."""
    lacking = []
    for kind in needed(record.kind, on=today, policy=policy):
        if kind in record.grounds:
            continue
        if kind is GroundKind.STATEMENT and record.statement_until is not None:
            if today > record.statement_until:
                continue
            lacking.append(f"陈述申辩(期限至{record.statement_until}届满)")
            continue
        lacking.append(WORDS[kind])
    return lacking


def _open(record: Record) -> None:
    if record.state is RecordState.ENDED:
        raise NotAllowed(
            "record_ended", "这条记录已经不再公示,不能再补充前提。", "可以查看其档案。"
        )


def _named(by: str) -> None:
    if not by.strip():
        raise NotAllowed("name_missing", "须由具名人员办理。", "请以本人账号登录后再办理。")
