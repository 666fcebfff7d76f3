"""Reminders by hand: which duty was told on which day, and the batch that it went with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.instants import Instant
from services.inspection.store.tables.base import Table


class HandReminderRow(Table):
    """That somebody had an enterprise reminded of a duty: once a day at most."""

    __tablename__ = "hand_reminder"

    duty_id: Mapped[UUID] = mapped_column(primary_key=True)
    told_on: Mapped[date] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    batch_id: Mapped[UUID]
    object_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    label: Mapped[str] = mapped_column(Text)
    duty: Mapped[str] = mapped_column(String(20))

    __table_args__: Any = (Index("hand_reminder_batch", "batch_id"),)


class ReminderBatchRow(Table):
    """One batch: who sent it, how many were told and how many passed over."""

    __tablename__ = "reminder_batch"

    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    sent_by: Mapped[str] = mapped_column(Text)
    told: Mapped[int]
    passed_over: Mapped[int]
    policy_version: Mapped[str] = mapped_column(String(40))
