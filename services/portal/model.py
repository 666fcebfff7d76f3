"""Who uses the pages, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What somebody may do; where, the divisions say. The services check both (docs/access.md)."""

    ADMINISTRATOR = "administrator"
    INSPECTOR = "inspector"
    CHIEF = "chief"
    COORDINATOR = "coordinator"
    REGISTRAR = "registrar"
    AGENCY = "agency"
    ENTERPRISE = "enterprise"
    PUBLIC = "public"

    @property
    def chinese(self) -> str:
        """As the field calls it."""
        return ROLE_NAMES[self]


ROLE_NAMES = {
    Role.ADMINISTRATOR: "系统管理员",
    Role.INSPECTOR: "监察员",
    Role.CHIEF: "科室负责人",
    Role.COORDINATOR: "诚信协调中心",
    Role.REGISTRAR: "底数管理员",
    Role.AGENCY: "协作部门",
    Role.ENTERPRISE: "企业",
    Role.PUBLIC: "公众",
}

STAFF = frozenset(
    {Role.ADMINISTRATOR, Role.INSPECTOR, Role.CHIEF, Role.COORDINATOR, Role.REGISTRAR}
)
GIVEN = frozenset(Role) - {Role.PUBLIC}  # what a user can be given


@dataclass(frozen=True)
class User:
    """Somebody with a login.

    *divisions*: six-digit codes, comma-separated, as the services' scope takes them. An
    enterprise's user has one role and the enterprise's id; its rows are its scope.
    *outside_id*: the account at the bureau's own identity provider with which the user may log in.
    """

    id: UUID
    name: str
    display_name: str
    roles: frozenset[Role]
    divisions: str
    section: str | None
    enterprise_id: UUID | None
    language: str
    created_at: datetime
    disabled_at: datetime | None
    has_password: bool
    outside_id: str | None = None

    def has(self, *roles: Role | str) -> bool:
        """Whether the user was given one of these roles."""
        return not self.roles.isdisjoint(Role(role) for role in roles)

    @property
    def is_staff(self) -> bool:
        """Of a bureau; neither an enterprise nor another department."""
        return not self.roles.isdisjoint(STAFF)
