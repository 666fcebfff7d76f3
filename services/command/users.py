"""bianque user: who may log in to the pages. bianque audit: whether the audit's chain holds.

Both work on the portal's database itself: whoever can reach it operates the installation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from uuid import UUID

import click
from sqlalchemy.orm import Session

from services.chassis import assembly, clock, migrating
from services.chassis.scope import Scope, ScopeBroken
from services.chassis.settings import PORTAL, Settings, from_environment
from services.command import roster
from services.command.saying import a_table, as_json, fail, out, say_json, troubles_told
from services.portal.model import GIVEN, ROLE_NAMES, Role, User
from services.portal.store import audit, sessions, users

ROLES = sorted(role.value for role in GIVEN)  # of a StrEnum itself click takes only the NAMES


@click.group()
def user() -> None:
    """Users of the pages: create, list, new login link, disable."""


@user.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--division", help="Six-digit codes, comma-separated; the bureau's if not given.")
@click.option("--display-name", default="", help="The person's name on pages.")
@click.option("--section", help="The section (科室).")
@click.option("--account", help="The account at the bureau's own identity provider.")
@click.option("--enterprise", type=click.UUID, help="For --role enterprise: its id.")
@as_json
@troubles_told
def create(
    name: str,
    roles: tuple[str, ...],
    division: str | None,
    display_name: str,
    section: str | None,
    account: str | None,
    enterprise: UUID | None,
    as_json: bool,
) -> None:
    """Create a user; prints the link with which NAME sets a password, once."""
    settings = from_environment()
    divisions = _divisions(division or settings.bureau)
    with _writing(settings) as session:
        try:
            made = users.add(
                session,
                name=name,
                display_name=display_name,
                roles=roles,
                divisions=divisions,
                section=section,
                enterprise_id=enterprise,
                language=settings.language,
                outside_id=account,
                now=clock.now(),
            )
        except users.UserRefused as refused:
            fail(refused.detail)
        link = _link(session, settings, made)
    if as_json:
        say_json({"name": made.name, "id": str(made.id), "link": link})
    else:
        out.print(link, soft_wrap=True)


@user.command()
@click.argument("name")
@as_json
@troubles_told
def link(name: str, as_json: bool) -> None:
    """A new link for NAME, who sets a new password with it; older links end."""
    settings = from_environment()
    with _writing(settings) as session:
        made = _link(session, settings, _found(session, name))
    if as_json:
        say_json({"name": name, "link": made})
    else:
        out.print(made, soft_wrap=True)


@user.command("list")
@as_json
@troubles_told
def listed(as_json: bool) -> None:
    """All users."""
    with _writing(from_environment()) as session:
        found = users.listed(session)
    if as_json:
        say_json([{**asdict(u), "roles": sorted(u.roles)} for u in found])
        return
    shown = a_table("登录名", "姓名", "角色", "辖区", "状态")
    for each in found:
        roles = "、".join(ROLE_NAMES[role] for role in sorted(each.roles))
        shown.add_row(each.name, each.display_name, roles, each.divisions, _state(each))
    out.print(shown)


@user.command()
@click.argument("name")
@troubles_told
def disable(name: str) -> None:
    """NAME can no longer log in, and is logged out everywhere."""
    with _writing(from_environment()) as session:
        found = _found(session, name)
        users.change(session, found.id, disabled_at=clock.now())
        sessions.end_all(session, found.id, now=clock.now())
    out.print(f"{name}: 已停用")


@click.command("audit")
@as_json
@troubles_told
def verify(as_json: bool) -> None:
    """Read the whole audit and check its chain. Exit code 1: a line was changed or removed.

    Write the last hash down elsewhere: with it a cut-off end shows too.
    """
    with _writing(from_environment()) as session:
        broken, last = audit.broken_at(session), audit.last(session)
    said = {
        "lines": last.position if last else 0,
        "last_hash": last.hash if last else None,
        "broken_at": broken,
    }
    if as_json:
        say_json(said)
    elif broken is None:
        out.print(f"审计链完整: {said['lines']:,} 条, 末条 {said['last_hash']}", soft_wrap=True)
    else:
        out.print(f"审计链自第 {broken:,} 条起不连续: 该条被改动、删除或插入")
    if broken is not None:
        raise SystemExit(1)


DEMONSTRATION = "演示"  # the section of users that nobody has to keep secret
ENTERPRISE_USER = "qiye"
ENTERPRISE_DIVISION = "610303"
DEMONSTRATION_USERS = (
    ("jintai03", "演示监察员", (Role.INSPECTOR, Role.CHIEF), "610303"),
    ("jintai01", "演示监察员二", (Role.INSPECTOR,), "610303"),
    ("coordinator", "演示协调员", (Role.COORDINATOR,), "610300"),
    ("administrator", "演示管理员", (Role.ADMINISTRATOR, Role.REGISTRAR), "610300"),
)


def add_demonstration_users(settings: Settings, enterprise_id: UUID | None) -> None:
    """Two inspectors of one county, a coordinator, an administrator, an enterprise; once.

    Only where the pages have a database: beside a broker a bureau may do without them.
    """
    if settings.on_a_bus and PORTAL not in settings.database_urls:
        return
    with _writing(settings) as session:
        if enterprise_id is not None and users.find(session, ENTERPRISE_USER) is None:
            users.add(
                session,
                name=ENTERPRISE_USER,
                display_name="演示企业",
                roles=(Role.ENTERPRISE,),
                divisions=ENTERPRISE_DIVISION,
                section=DEMONSTRATION,
                enterprise_id=enterprise_id,
                now=clock.now(),
            )
        for name, display_name, roles, divisions in DEMONSTRATION_USERS:
            if users.find(session, name) is None:
                users.add(
                    session,
                    name=name,
                    display_name=display_name,
                    roles=roles,
                    divisions=divisions,
                    section=DEMONSTRATION,
                    now=clock.now(),
                )


def demonstration_links(settings: Settings) -> list[tuple[User, str]]:
    """New links for the users of the demonstration city, so that a newcomer can look round."""
    with _writing(settings) as session:
        found = [each for each in users.listed(session) if each.section == DEMONSTRATION]
        return [(each, _link(session, settings, each)) for each in found]


@contextmanager
def _writing(settings: Settings) -> Iterator[Session]:
    database = assembly.open_database(PORTAL, settings)
    try:
        migrating.migrate(database, roster.folder(PORTAL), PORTAL)
        with database.transaction() as session:
            yield session
    finally:
        database.close()


def _link(session: Session, settings: Settings, made: User) -> str:
    portal = roster.assembled(PORTAL, settings)
    try:
        link: str = portal.login_link(session, made.id)
    finally:
        portal.database.close()
    return link


def _found(session: Session, name: str) -> User:
    found = users.find(session, name)
    if found is None:
        fail(f"没有登录名为 {name} 的用户 (no such user)")
    return found


def _divisions(text: str) -> str:
    try:
        return ",".join(sorted(Scope.parse(text).codes))
    except ScopeBroken as broken:
        fail(f"--division: {broken}")


def _state(each: User) -> str:
    if each.disabled_at is not None:
        return "停用"
    return "正常" if each.has_password else "未设口令"
