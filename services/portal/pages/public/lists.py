"""The published lists and what they are called."""

from __future__ import annotations

from services.portal.web.language import Later, later

LISTS: dict[str, Later] = {
    "bad-information": later("不良信息"),
    "penalties": later("行政处罚"),
    "serious-list": later("严重违法失信名单"),
    "safety-alerts": later("质量安全预警"),
    "demonstrations": later("诚信示范"),
    "qualifications": later("资质荣誉"),
}
