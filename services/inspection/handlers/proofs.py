"""Files that acts of orders and cases name: kept by digest, seen by whoever may see the act."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import filetype
from sqlalchemy.orm import Session

from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.visits import evidence
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import acts, evidence_files


def keep(acting: Acting, data: bytes, *, var: Path) -> dict[str, Any]:
    """Keep a file; what an act needs is its digest. Raises NotAllowed."""
    media_type = evidence.checked(data, acting)
    public = evidence.public_copy(data, media_type, var)
    return {
        "sha256": evidence_files.keep(var, data),
        "media_type": media_type,
        "size": len(data),
        "public_sha256": public,
    }


def check(named: Iterable[str], *, var: Path) -> None:
    """证据应当先上传并保存,再记入案卷. Raises NotAllowed."""
    missing = [digest for digest in named if not evidence_files.is_kept(var, digest)]
    if missing:
        raise NotAllowed(
            "evidence_unknown",
            f"没有保存过这些证据文件: {'、'.join(digest[:12] for digest in missing)}。",
            "请先上传文件,再使用返回的 sha256。",
        )


def get(session: Session, about_id: UUID, digest: str, *, var: Path) -> tuple[str, bytes]:
    """Media type and bytes of a file that an act about this order or case names.

    Whether the asker may see the order or case has been found out. Raises Unknown.
    """
    named = {
        each
        for act in acts.of(session, about_id)
        for each in act.particulars.get("evidence", ())
    }
    data = evidence_files.load(var, digest) if digest in named else None
    if data is None:
        raise Unknown("no_such_evidence", f"案卷中没有可用的证据文件 {digest[:12]}")
    guessed = filetype.guess(data)
    return guessed.mime if guessed else "application/octet-stream", data
