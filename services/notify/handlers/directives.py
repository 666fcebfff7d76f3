"""Directives: issued, acknowledged, relayed, answered, reported, and what silence leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import clock, outbox
from services.events.notify import (
    DirectiveAcknowledged,
    DirectiveIssued,
    DirectiveReported,
    Silence,
)
from services.notify.handlers.hops import changed, named, say
from services.notify.handlers.telling import tell_of
from services.notify.model import Directive, Hop, Occasion, Phase, Side, Step
from services.notify.notices import (
    DirectiveFedBack,
    DirectiveRecalled,
    DirectiveSentBack,
    Notice,
)
from services.notify.practice import Practice
from services.notify.rules import directives as rules
from services.notify.rules.accounts import division_of
from services.notify.rules.refusal import NotAllowed
from services.notify.store import directives as store


@dataclass(frozen=True, kw_only=True)
class Order:
    """A directive as somebody wants it issued."""

    title: str
    text: str
    sender: str
    receivers: Sequence[str]
    due_on: date | None
    enterprise_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A step as somebody takes it: for whom, with what words and evidence."""

    step: Step
    by: str
    divisions: frozenset[str]
    said: str | None = None
    evidence: str | None = None


def issue(session: Session, order: Order, by: str, practice: Practice) -> Directive:
    """信息指令: one number, one hop for each receiver. Raises NotAllowed."""
    today, now = clock.today(), clock.now()
    rules.check_words(order.title, order.text)
    for receiver in order.receivers:
        rules.may_direct(order.sender, receiver)
    terms = rules.terms(today, order.due_on, practice.policy)
    division = division_of(order.sender) or ""
    serial = store.next_number(session, division, today.year)
    written = practice.policy.text("directive_number_format", on=today)
    directive = Directive(
        id=uuid4(),
        number=written.format(year=today.year, division=division, serial=serial),
        title=order.title,
        text=order.text,
        sender=order.sender,
        issued_by=by,
        issued_at=now,
        due_on=terms.due_on,
        enterprise_id=order.enterprise_id,
    )
    store.add(session, directive)
    for receiver in dict.fromkeys(order.receivers):
        hop = _new_hop(directive, None, order.sender, receiver, order.due_on, practice)
        _send(session, directive, hop, by, practice)
    return directive


def relay(
    session: Session,
    hop_id: UUID,
    receivers: Sequence[str],
    due_on: date | None,
    taken: Taken,
    practice: Practice,
) -> list[Hop]:
    """信息传递: to units below the one that has it, within its own term. Raises NotAllowed."""
    hop, directive = _taken(session, hop_id, taken)
    known = {each.receiver for each in store.below(session, hop.id)}
    for receiver in receivers:
        rules.may_direct(hop.receiver, receiver)
        if receiver in known:
            raise NotAllowed("relayed_already", f"已向 {receiver} 传递过;不必重复传递")
    _move(session, hop, taken, practice)
    sent = []
    for receiver in dict.fromkeys(receivers):
        below = _new_hop(directive, hop, hop.receiver, receiver, due_on, practice)
        _send(session, directive, below, taken.by, practice)
        sent.append(below)
    return sent


def acknowledge(session: Session, hop_id: UUID, taken: Taken, practice: Practice) -> Hop:
    """签收. Raises NotAllowed."""
    hop, directive = _taken(session, hop_id, taken)
    after = _move(session, hop, taken, practice)
    today = clock.today()
    event = DirectiveAcknowledged(
        **named(after, directive),
        acknowledged_on=today,
        in_time=today <= hop.terms.acknowledge_by,
    )
    say(session, event, after, practice)
    return after


def feed_back(session: Session, hop_id: UUID, taken: Taken, practice: Practice) -> Hop:
    """信息反馈, with a reference to its evidence. Raises NotAllowed."""
    rules.check_words(taken.said or "")
    hop, directive = _taken(session, hop_id, taken)
    after = _move(session, hop, taken, practice)
    notice = DirectiveFedBack(**named(after, directive), said=taken.said or "-")
    _tell_own(session, notice, after, practice)
    return after


def send_back(session: Session, hop_id: UUID, taken: Taken, practice: Practice) -> Hop:
    """退回补充. Raises NotAllowed."""
    rules.check_words(taken.said or "")
    hop, directive = _taken(session, hop_id, taken)
    after = _move(session, hop, taken, practice)
    notice = DirectiveSentBack(**named(after, directive), said=taken.said or "-")
    _tell_own(session, notice, after, practice)
    return after


def report(session: Session, hop_id: UUID, taken: Taken, practice: Practice) -> Hop:
    """信息报告: closes the hop, once everything below it is closed. Raises NotAllowed."""
    rules.check_words(taken.said or "")
    hop, directive = _taken(session, hop_id, taken)
    after = _move(session, hop, taken, practice)
    today = clock.today()
    event = DirectiveReported(
        **named(after, directive), reported_on=today, in_time=today <= hop.terms.due_on
    )
    say(session, event, after, practice)
    return after


def recall(session: Session, hop_id: UUID, taken: Taken, practice: Practice) -> Hop:
    """收回: also whatever was relayed from it. Raises NotAllowed."""
    hop, directive = _taken(session, hop_id, taken)
    after = _move(session, hop, taken, practice)
    _tell_own(
        session,
        DirectiveRecalled(**named(after, directive), said=taken.said or "-"),
        after,
        practice,
    )
    for below in store.below(session, hop.id):
        if below.phase not in rules.CLOSED:
            by_above = replace(taken, divisions=frozenset({division_of(hop.receiver) or ""}))
            recall(session, below.id, by_above, practice)
    return after


def _new_hop(
    directive: Directive,
    above: Hop | None,
    sender: str,
    receiver: str,
    due_on: date | None,
    practice: Practice,
) -> Hop:
    today = clock.today()
    latest = above.terms.due_on if above else None
    terms = rules.terms(today, due_on, practice.policy, no_later_than=latest)
    return Hop(
        id=uuid4(),
        directive_id=directive.id,
        parent_id=above.id if above else None,
        sender=sender,
        receiver=receiver,
        division=division_of(receiver) or "",
        phase=Phase.ISSUED,
        silence=Silence.NONE,
        terms=terms,
        issued_at=clock.now(),
        look_on=rules.look_on(today, Phase.ISSUED, terms, practice.policy),
        revision=outbox.revision_after(None),
    )


def _send(
    session: Session, directive: Directive, hop: Hop, by: str, practice: Practice
) -> None:
    store.save(session, [hop])
    store.note_step(session, hop, None, by=by, at=hop.issued_at, before=None)
    event = DirectiveIssued(
        **named(hop, directive),
        parent_hop_id=hop.parent_id,
        text=directive.text,
        issued_on=clock.today(),
        acknowledge_by=hop.terms.acknowledge_by,
        due_on=hop.terms.due_on,
    )
    say(session, event, hop, practice)


def _taken(session: Session, hop_id: UUID, taken: Taken) -> tuple[Hop, Directive]:
    """The hop, locked, and its directive. Raises NotAllowed: only the unit itself acts."""
    hop = store.locked(session, hop_id)
    directive = store.directive(session, hop.directive_id) if hop else None
    if hop is None or directive is None:
        raise NotAllowed("no_such_hop", f"没有编号为 {hop_id} 的指令传送记录")
    unit = hop.receiver if rules.TAKEN_BY[taken.step] is Side.RECEIVER else hop.sender
    if division_of(unit) not in taken.divisions:
        raise NotAllowed(
            "not_the_unit",
            f"{rules.SAID[taken.step]}应由 {unit} 办理;上级可以督办,不能代为办理",
        )
    return hop, directive


def _move(session: Session, hop: Hop, taken: Taken, practice: Practice) -> Hop:
    below = [each.phase for each in store.below(session, hop.id)]
    phase = rules.phase_after(hop.phase, taken.step, below=below)
    now, today = clock.now(), clock.today()
    is_new_wait = rules.awaited(phase) is not rules.awaited(hop.phase)
    after = changed(
        hop,
        phase=phase,
        silence=Silence.NONE if is_new_wait else hop.silence,
        look_on=rules.look_on(today, phase, hop.terms, practice.policy),
        acknowledged_at=now if taken.step is Step.ACKNOWLEDGE else hop.acknowledged_at,
        closed_at=now if phase in rules.CLOSED else None,
    )
    store.save(session, [after])
    store.note_step(
        session,
        after,
        taken.step,
        by=taken.by,
        at=now,
        before=hop.phase,
        said=taken.said,
        evidence=taken.evidence,
    )
    return after


def _tell_own(session: Session, notice: Notice, hop: Hop, practice: Practice) -> None:
    occasion = Occasion.of_own(notice.full_name, hop.id, clock.now(), notice.to_wire())
    tell_of(session, [(type(notice), occasion)], practice)
