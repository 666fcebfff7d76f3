"""Officers and the enterprise's representative stand for the record as it is."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.inspection.handlers.acting import Acting
from services.inspection.handlers.visits.finding import open_visit
from services.inspection.model.visits import REPRESENTATIVE, Signature
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.visits.content import digest
from services.inspection.store import visit_papers


def sign(session: Session, acting: Acting, visit_id: UUID) -> Signature:
    """An officer of the visit signs for himself. Raises Unknown, NotAllowed."""
    visit = open_visit(session, acting, visit_id)
    officer = next((each for each in visit.officers if each.account == acting.by), None)
    if officer is None:
        raise NotAllowed(
            "not_an_officer_of_visit",
            f"{acting.by} 不是本次检查的检查人员。",
            "签字须由检查人员本人以自己的账号作出。",
        )
    return _signed(
        session,
        acting,
        visit_id,
        visit.content,
        Signature(
            signer=officer.account,
            name=officer.name,
            refused=False,
            reason="",
            witness="",
            content_digest="",
            signed_at=acting.at,
        ),
    )


def represent(
    session: Session,
    acting: Acting,
    visit_id: UUID,
    *,
    name: str,
    refused: bool,
    reason: str,
    witness: str,
) -> Signature:
    """企业代表签字; 拒绝签字的, 记录原因和见证人. Taken down by an officer of the visit."""
    visit = open_visit(session, acting, visit_id)
    if acting.by not in {each.account for each in visit.officers}:
        raise NotAllowed(
            "not_an_officer_of_visit",
            f"{acting.by} 不是本次检查的检查人员。",
            "企业代表的签字由检查人员在现场记录。",
        )
    if refused and not (reason.strip() and witness.strip()):
        raise NotAllowed(
            "refusal_without_reason",
            "企业代表拒绝签字的, 应当记录原因和见证人。",
            "请填写拒绝的原因和见证人的姓名、身份。",
        )
    return _signed(
        session,
        acting,
        visit_id,
        visit.content,
        Signature(
            signer=REPRESENTATIVE,
            name=name,
            refused=refused,
            reason=reason,
            witness=witness,
            content_digest="",
            signed_at=acting.at,
        ),
    )


def _signed(
    session: Session,
    acting: Acting,
    visit_id: UUID,
    content: dict[str, object],
    unsigned: Signature,
) -> Signature:
    signature = Signature(**(vars(unsigned) | {"content_digest": digest(content)}))
    visit_papers.sign(session, visit_id, signature)
    return signature
