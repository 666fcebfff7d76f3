"""A month of a bureau, as it is lived: who does what on which day.

The rules are those of the article (profile baoji-2013); its people and firms are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.credit.model import record_id_of
from tests.support.diary import OFFICERS, Diary

COUNTY = "610331"
FIRMS = {
    # name: (last inspection, due)
    "workshop": ("2013-11-01", "2014-11-01"),
    "moulds": ("2013-11-01", "2014-11-01"),
    "refuser": ("2013-11-01", "2014-11-01"),
    "late": ("2012-12-10", "2013-12-10"),
    "wronged": ("2012-12-10", "2013-12-10"),
    "beginner": ("2013-11-01", "2014-11-01"),
    "lodger": ("", ""),  # rents a hall, and with it a crane that nobody knows anything of
}


FINE = {
    "kinds": ["fine"],
    "fine_fen": 2_000_000,
    "violation_class": "ordinary",
    "facts": "使用没有制造单位信息、未办理安装告知和使用登记的起重机一台",
    "legal_basis": "《特种设备安全法》第八十三条、第八十四条",
    "content": "罚款人民币贰万元",
}


@dataclass
class Month:
    """What the month left behind."""

    diary: Diary
    firms: dict[str, str]
    orders: dict[str, Any] = field(default_factory=dict)
    cases: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)

    def order(self, name: str) -> Any:
        """An order of one of the firms, as it stands now."""
        return self.diary.get("inspection", f"/orders/{self.orders[name]['order_id']}")

    def entries(self, name: str) -> list[tuple[str, str | None]]:
        """(state, escalated to) of what credit publishing holds against a firm."""
        record = self.diary.get("credit", f"/enterprises/{self.firms[name]}/record")
        return [(one["state"], one["escalated_to"]) for one in record["bad_information"]]


def the_inspectors_go_out(month: Month) -> None:
    """Three problems in the workshop, one at the moulds', one at the refuser's."""
    for name, matters in {
        "workshop": (
            "equipment_without_maker",
            "equipment_not_registered",
            "operator_without_certificate",
        ),
        "moulds": ("label_defect",),
        "refuser": ("label_defect",),
        "beginner": ("label_defect",),
    }.items():
        month.orders[name] = _issued(month, month.firms[name], matters)
    the_crane_is_found(month)
    month.seen["directive"] = month.diary.post(
        "notify",
        "/directives",
        title="开展电梯专项检查",
        text="请逐台核对在用电梯的检验日期并报告。",
        sender="bureau:610300",
        receivers=[f"bureau:{COUNTY}"],
    )


def _issued(month: Month, firm: str, matters: tuple[str, ...]) -> Any:
    draft = month.diary.post(
        "inspection",
        "/orders",
        enterprise_id=firm,
        origin="visit",
        items=[
            {
                "matter": matter,
                "description": "现场检查发现的问题",
                "basis": "《产品质量法》",
                "requirement": "改正并提交材料",
            }
            for matter in matters
        ],
    )
    path = f"/orders/{draft['order_id']}"
    month.seen[f"alone {firm}"] = month.diary.refused(
        "inspection", f"{path}/issue", officers=OFFICERS[:1]
    )
    return month.diary.post("inspection", f"{path}/issue", officers=OFFICERS)


def the_workshop_is_done(month: Month) -> None:
    """So is the beginner. The refuser says no in writing; the crane's days are over."""
    photo = month.diary.photograph()
    for name in ("workshop", "beginner"):
        _put_right(month, month.orders[name], photo)
    the_beginner_is_taught(month)
    month.diary.post(
        "inspection",
        f"/orders/{month.orders['refuser']['order_id']}/refusals",
        ground="written",
        statement="书面答复拒绝整改",
        officers=OFFICERS,
        evidence=[photo],
    )
    the_lodger_is_told_what_is_intended(month, photo)


def _put_right(month: Month, order: Any, photo: str) -> None:
    """It hands in what shows it; two officers look again."""
    for item in order["items"]:
        path = f"/orders/{order['order_id']}/items/{item['item_id']}"
        month.diary.post("inspection", f"{path}/proof", evidence=[photo], note="材料已补齐")
        month.diary.post(
            "inspection",
            f"{path}/recheck",
            rectified=True,
            note="现场查看",
            officers=OFFICERS,
            evidence=[],
        )


def a_wrong_date_is_found(month: Month) -> None:
    """The wronged firm had passed in time; its source had sent the date of the year before."""
    month.seen["before"] = {name: month.entries(name) for name in ("late", "wronged")}
    month.diary.takes_in("wronged", done_on="2013-12-05", due_on="2014-12-05")
    _case_step(month, "crane", "decision", penalty=FINE)
    _case_step(month, "crane", "service", how="直接送达")


def the_lodger_pays(month: Month) -> None:
    """The penalty is published, and then performed."""
    record_id = str(record_id_of(UUID(month.cases["crane"]["case_id"])))
    month.seen["record"] = record_id
    month.diary.post(
        "credit",
        f"/records/{record_id}/grounds",
        kind="review",
        on="2014-01-17",
        words="信息协调中心审核",
    )
    month.diary.post("credit", f"/records/{record_id}/publication")
    _case_step(month, "crane", "payment", fen=FINE["fine_fen"])
    _case_step(month, "crane", "performance", statement="罚款已缴清")


def the_crane_is_found(month: Month) -> None:
    """Two officers visit: no maker, no installation notice, no registration. Three days."""
    firm = month.firms["lodger"]
    [crane] = month.diary.get("registry", f"/enterprises/{firm}")["objects"]
    standing = month.diary.get("inspection", f"/objects/{crane['id']}")
    month.seen["crane"] = crane | {"colour": standing["colour"]}
    visit = month.diary.post(
        "inspection",
        "/visits",
        enterprise_id=firm,
        purpose="special",
        planned_on=month.diary.day,
        officers=[
            {"account": account, "name": name, "certificate": f"陕C-100{number}"}
            for number, (account, name) in enumerate(
                zip(OFFICERS, ("李娜", "王磊"), strict=True)
            )
        ],
        object_ids=[crane["id"]],
    )
    path = f"/visits/{visit['visit_id']}"
    asked = month.diary.get("inspection", path)["asked"]
    wrong = {"installed", "registered", "maker-papers"}
    answers = [
        {
            "object_id": each["object_id"],
            "item": each["item"],
            "finding": "problem" if each["item"] in wrong else "conforms",
            "note": "租用厂房, 设备来历不明" if each["item"] in wrong else "",
            "evidence": [],
        }
        for each in asked
    ]
    content = {"answers": answers, "outcome": "rectify", "summary": "行车没有任何手续"}
    month.diary.put("inspection", f"{path}/record", based_on=0, content=content)
    for account in OFFICERS:
        month.diary.post("inspection", f"{path}/signature", by=account)
    month.diary.post("inspection", f"{path}/representative", name="现场负责人")
    month.diary.post("inspection", f"{path}/conclusion")
    month.orders["crane"] = _ordered_within_three_days(month, path)


def _ordered_within_three_days(month: Month, visit: str) -> Any:
    """What the visit found becomes an order; each of its items has three days."""
    draft = month.diary.post("inspection", f"{visit}/order")
    kept = ("matter", "description", "basis", "requirement", "object_id", "finding_id")
    items = [{name: item[name] for name in kept} | {"term_days": 3} for item in draft["items"]]
    path = f"/orders/{draft['order_id']}"
    of_visit = {"origin": "visit", "visit_id": draft["visit_id"]}
    month.diary.put("inspection", path, items=items, **of_visit)
    return month.diary.post("inspection", f"{path}/issue", officers=OFFICERS)


def the_lodger_is_told_what_is_intended(month: Month, photo: str) -> None:
    """Nothing was done in three days: the case that this opened is filed, and notice given."""
    found = month.diary.get(
        "inspection", f"/cases?order_id={month.orders['crane']['order_id']}"
    )
    [month.cases["crane"]] = found["items"]
    month.seen["clue"] = month.cases["crane"]["state"]
    _case_step(month, "crane", "filing", officers=OFFICERS)
    sent = {"evidence": [photo], "officers": OFFICERS, "note": "现场照片"}
    _case_step(month, "crane", "evidence", **sent)
    _case_step(month, "crane", "notice", penalty=FINE)


def the_beginner_is_taught(month: Month) -> None:
    """A first offence, slight, put right, no harm: no penalty, and it is explained why."""
    order = month.orders["beginner"]
    month.cases["beginner"] = month.diary.post(
        "inspection",
        "/cases",
        enterprise_id=month.firms["beginner"],
        order_id=order["order_id"],
        origin="visit",
        matter="label_defect",
        description="产品标识标注不规范",
    )
    _case_step(month, "beginner", "filing", officers=OFFICERS)
    facts = {"slight": True, "corrected_on": "2013-12-20", "harm": "none"}
    _case_step(month, "beginner", "assessment", **facts)
    path = f"/cases/{month.cases['beginner']['case_id']}/no-penalty"
    why = {"proven": True, "reason": "违法行为轻微并及时改正,没有危害后果"}
    month.seen["untaught"] = month.diary.refused("inspection", path, **why)
    taught = "2013年12月20日当面讲解产品标识标注的要求"
    month.diary.post("inspection", path, **why, education=taught)


def _case_step(month: Month, name: str, step: str, **sent: Any) -> Any:
    path = f"/cases/{month.cases[name]['case_id']}/{step}"
    return month.diary.post("inspection", path, **sent)


DAYS = {
    "2013-12-16": the_inspectors_go_out,
    "2013-12-20": the_workshop_is_done,
    "2014-01-03": a_wrong_date_is_found,
    "2014-01-17": the_lodger_pays,
}
