"""Users, and the links that let them set a password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.portal.model import GIVEN, Role, User
from services.portal.store.secrets_kept import hash_of, hash_password, new_token
from services.portal.store.tables import LinkRow, UserRow

LONGEST_ACCOUNT = 300
LONGEST_NAME = 60  # also of a person and of a section
LONGEST_DIVISIONS = 400
ACCOUNT_REFUSALS = {
    "account_taken": "这个统一身份账号已对应其他用户",
    "account_wrong": "统一身份账号应为一行文字，不超过 300 个字符",
    "account_of_an_enterprise": "企业用户用口令登录，不能对应统一身份账号",
}


class UserRefused(Exception):
    """A user that cannot be; the code tells why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def add(
    session: Session,
    *,
    name: str,
    display_name: str,
    roles: Sequence[str],
    divisions: str,
    now: datetime,
    section: str | None = None,
    enterprise_id: UUID | None = None,
    language: str = "zh",
    outside_id: str | None = None,
) -> User:
    """A new user without a password. Raises UserRefused."""
    given = _roles(roles, enterprise_id)
    _check_texts(name, display_name, section or "", divisions)
    if find(session, name) is not None:
        raise _name_taken(name)
    row = UserRow(
        id=uuid4(),
        name=name.strip(),
        display_name=display_name.strip() or name.strip(),
        roles=",".join(sorted(given)),
        divisions=divisions,
        section=section,
        enterprise_id=enterprise_id,
        language=language,
        created_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError:  # somebody else took the name at the same moment
        raise _name_taken(name) from None
    return tie(session, row.id, outside_id) if outside_id else as_user(row)


def change(session: Session, user_id: UUID, **values: Any) -> User:
    """Change what is named. Raises UserRefused."""
    row = session.get(UserRow, user_id)
    if row is None:
        raise UserRefused("no_such_user", "没有这个用户")
    if "roles" in values:
        enterprise = values.get("enterprise_id", row.enterprise_id)
        values["roles"] = ",".join(sorted(_roles(values["roles"], enterprise)))
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    return as_user(row)


def tie(session: Session, user_id: UUID, outside_id: str | None) -> User:
    """Let the user log in with an account of the identity provider; None: no longer.

    Raises UserRefused. An account belongs to one user, also to one who is disabled.
    """
    if outside_id is not None:
        if not is_account(outside_id):
            raise _account_refused("account_wrong")
        user, holder = by_id(session, user_id), by_outside_id(session, outside_id)
        if user and user.enterprise_id:
            raise _account_refused("account_of_an_enterprise")
        if holder and holder.id != user_id:
            raise _account_refused("account_taken")
    try:
        return change(session, user_id, outside_id=outside_id)
    except IntegrityError:  # somebody else was given it at the same moment
        raise _account_refused("account_taken") from None


def find(session: Session, name: str) -> User | None:
    """By login name."""
    row = session.scalar(select(UserRow).where(UserRow.name == name.strip()))
    return as_user(row) if row else None


def by_id(session: Session, user_id: UUID) -> User | None:
    """By id."""
    row = session.get(UserRow, user_id)
    return as_user(row) if row else None


def is_account(outside_id: str) -> bool:
    """Whether an account can be called so: one line that the column holds."""
    return outside_id.isprintable() and 0 < len(outside_id) <= LONGEST_ACCOUNT


def by_outside_id(session: Session, outside_id: str) -> User | None:
    """By what the bureau's identity provider calls somebody."""
    row = session.scalar(select(UserRow).where(UserRow.outside_id == outside_id))
    return as_user(row) if row else None


def listed(session: Session) -> list[User]:
    """All, by name."""
    return [as_user(row) for row in session.scalars(select(UserRow).order_by(UserRow.name))]


def password_hash(session: Session, user_id: UUID) -> str | None:
    """What is kept of the password."""
    return session.scalar(select(UserRow.password_hash).where(UserRow.id == user_id))


def set_password(session: Session, user_id: UUID, password: str) -> None:
    """Keep a new password."""
    kept = hash_password(password)
    session.execute(update(UserRow).where(UserRow.id == user_id).values(password_hash=kept))


def make_link(session: Session, user_id: UUID, *, now: datetime, hours: int) -> str:
    """The token of a new link; earlier ones of the user end."""
    session.execute(
        update(LinkRow)
        .where(LinkRow.user_id == user_id, LinkRow.used_at.is_(None))
        .values(used_at=now)
    )
    token = new_token()
    ends_at = now + timedelta(hours=hours)
    session.add(
        LinkRow(token_hash=hash_of(token), user_id=user_id, made_at=now, ends_at=ends_at)
    )
    session.flush()
    return token


def open_link(session: Session, token: str, *, now: datetime) -> User | None:
    """Whose link it is, if it can still be used."""
    row = session.get(LinkRow, hash_of(token))
    if row is None or row.used_at is not None or row.ends_at < now:
        return None
    user = by_id(session, row.user_id)
    return user if user and user.disabled_at is None else None


def use_link(session: Session, token: str, *, now: datetime) -> bool:
    """Use it up. False if somebody was faster."""
    used = session.execute(
        update(LinkRow)
        .where(LinkRow.token_hash == hash_of(token), LinkRow.used_at.is_(None))
        .values(used_at=now)
        .returning(LinkRow.token_hash)
    )
    return used.first() is not None


def as_user(row: UserRow) -> User:
    """The row as the rest of the program knows it."""
    return User(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        roles=frozenset(Role(role) for role in row.roles.split(",")),
        divisions=row.divisions,
        section=row.section,
        enterprise_id=row.enterprise_id,
        language=row.language,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        has_password=row.password_hash is not None,
        outside_id=row.outside_id,
    )


def _check_texts(name: str, display_name: str, section: str, divisions: str) -> None:
    """What the columns hold. Raises UserRefused."""
    if not name.strip():
        raise UserRefused("name_missing", "请填写登录名")
    for text in (name, display_name, section):
        if len(text.strip()) > LONGEST_NAME or not text.strip().isprintable():
            raise UserRefused(
                "name_wrong", f"登录名、姓名和科室各为一行，不超过 {LONGEST_NAME} 个字符"
            )
    if len(divisions) > LONGEST_DIVISIONS:
        raise UserRefused("divisions_too_many", "管辖范围过多，请改用上一级的行政区划代码")


def _name_taken(name: str) -> UserRefused:
    return UserRefused("name_taken", f"登录名 {name.strip()} 已有人使用")


def _account_refused(code: str) -> UserRefused:
    return UserRefused(code, ACCOUNT_REFUSALS[code])


def _roles(roles: Sequence[str], enterprise_id: UUID | None) -> frozenset[Role]:
    try:
        given = frozenset(Role(role) for role in roles)
    except ValueError as error:
        raise UserRefused("role_unknown", f"没有这个角色：{error}") from None
    if not given or not given <= GIVEN:
        raise UserRefused("role_missing", "请至少选择一个角色")
    if (Role.ENTERPRISE in given) != (enterprise_id is not None):
        raise UserRefused("enterprise_missing", "企业用户须对应一家企业，其他用户不得对应企业")
    if Role.ENTERPRISE in given and len(given) > 1:
        raise UserRefused("enterprise_alone", "企业用户不能兼有其他角色")
    return given
