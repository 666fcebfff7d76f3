"""Files that belong to a visit: what they really are, kept by digest, a copy fit for the public."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import filetype
from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.visits.finding import open_visit, visit as find
from services.inspection.handlers.visits.photographs import PictureBroken, without_metadata
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import evidence_files, visit_papers

_MEGABYTE = 1024 * 1024


def largest(policy: Policy, acting: Acting) -> int:
    """No file may be larger than this many bytes, whatever it is."""
    rows = policy.table("evidence_types", on=acting.today)
    return max(int(row["megabytes"]) for row in rows) * _MEGABYTE


def add(
    session: Session, acting: Acting, visit_id: UUID, *, name: str, data: bytes, var: Path
) -> dict[str, Any]:
    """Keep a file for a visit. Sent twice it is kept once. Raises Unknown, NotAllowed."""
    open_visit(session, acting, visit_id)
    media_type = checked(data, acting)
    public = public_copy(data, media_type, var)
    row = {
        "visit_id": visit_id,
        "sha256": evidence_files.keep(var, data),
        "name": name,
        "media_type": media_type,
        "size": len(data),
        "public_sha256": public,
        "added_by": acting.by or "",
        "added_at": acting.at,
    }
    visit_papers.add_evidence(session, row)
    return row


def get(
    session: Session, acting: Acting, visit_id: UUID, digest: str, *, public: bool, var: Path
) -> tuple[str, bytes]:
    """Media type and bytes of a file, or of its copy for the public. Raises Unknown."""
    find(session, acting, visit_id)
    for row in visit_papers.evidence(session, visit_id):
        if row["sha256"] == digest:
            wanted = row["public_sha256"] if public else digest
            data = evidence_files.load(var, wanted) if wanted else None
            if data is not None:
                return row["media_type"], data
    raise Unknown("no_such_evidence", f"检查 {visit_id} 没有可用的证据文件 {digest[:12]}")


def checked(data: bytes, acting: Acting) -> str:
    """证据文件的种类以内容为准, 不以扩展名为准; 大小不超过该种类的上限.

    Raises NotAllowed.
    """
    rows = acting.policy.table("evidence_types", on=acting.today)
    allowed = {row["media_type"]: int(row["megabytes"]) for row in rows}
    guessed = filetype.guess(data)
    media_type = guessed.mime if guessed else "unknown"
    if media_type not in allowed:
        raise NotAllowed(
            "evidence_type_not_allowed",
            f"文件按内容识别为 {media_type}, 不能作为证据保存。",
            f"可以上传: {'、'.join(str(row['label']) for row in rows)}。",
        )
    if len(data) > allowed[media_type] * _MEGABYTE:
        raise NotAllowed(
            "evidence_too_large",
            f"文件有 {len(data) // _MEGABYTE} MB, 超过 {allowed[media_type]} MB。",
            "请压缩或者分段后再上传。",
        )
    return media_type


def public_copy(data: bytes, media_type: str, var: Path) -> str | None:
    """A picture without what it tells beside itself; None: not a picture. Raises NotAllowed."""
    if not media_type.startswith("image/"):
        return None
    try:
        return evidence_files.keep(var, without_metadata(data))
    except PictureBroken as broken:
        raise NotAllowed(
            broken.code, f"{broken}。", "请重新拍摄或者另存为 JPEG 后再上传。"
        ) from None
