"""The small world that tests live in: a bureau, two towns, a 管委会 that overlaps one, three enterprises, and
somebody in every role.

Fixtures: `world` (everything, by name), `client_for(who)` (a logged-in client), and the three of every
access test: `owner` and `teammate` belong to `world.plant`, `stranger` to an enterprise in the other town.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client

import bianwang
from bianwang.platform import ratelimit, roles
from bianwang.platform.accounts.models import Post, User
from bianwang.platform.clock import now
from bianwang.platform.places.credit_code import check_character
from bianwang.platform.places.models import Enterprise, Organisation, Party, Territory
from bianwang.platform.workflow.models import Limit
from bianwang.platform.workflow.services import load_limits
from tests import worlds

PASSWORD = "Shan-7428-hu"
"""Everybody's password."""

Level = Organisation.Level

# key, name, role, place in the world; the key is also the log-in name.
PEOPLE = (
    ("duty", "王值班", roles.DUTY, "duty_office"),
    ("enforcement", "李执法", roles.ENFORCEMENT, "enforcement_office"),
    ("enforcement2", "何执法", roles.ENFORCEMENT, "enforcement_office"),
    ("head", "张科长", roles.HEAD, "enforcement_office"),
    ("leader", "陈局长", roles.LEADER, "bureau"),
    ("finance", "刘办公", roles.FINANCE, "general_office"),
    ("department", "周部门", roles.DEPARTMENT, "department"),
    ("committee", "吴管委", roles.DEPARTMENT, "committee"),
    ("town", "赵镇街", roles.TOWN, "town"),
    ("town2", "钱镇街", roles.TOWN, "town2"),
    ("village", "孙村社", roles.VILLAGE, "village"),
    ("safety", "冯安全", roles.SAFETY, "plant"),
    ("safety_mate", "褚安全", roles.SAFETY, "plant"),
    ("safety_joint", "卫安全", roles.SAFETY, "joint"),
    ("safety2", "沈安全", roles.SAFETY, "other"),
    ("system", "韩系统", roles.SYSTEM, "bureau"),
    ("security", "杨安管", roles.SECURITY, "bureau"),
    ("audit", "朱审计", roles.AUDIT, "bureau"),
    ("disabled", "秦停用", roles.DUTY, "duty_office"),
    ("nobody", "尤无职", "", ""),
)

Who = str | User
ClientFor = Callable[[Who], Client]


@dataclass
class World:
    """Everything by name. `who("duty")` finds a person by key, role code or the user himself."""

    district: Territory
    town_area: Territory
    village_area: Territory
    town2_area: Territory
    zone_area: Territory
    bureau: Organisation
    duty_office: Organisation
    enforcement_office: Organisation
    general_office: Organisation
    rescue_centre: Organisation
    department: Organisation
    committee: Organisation
    town: Organisation
    village: Organisation
    town2: Organisation
    village2: Organisation
    plant: Enterprise
    """In the first town only (and its village); supervised by the department."""
    joint: Enterprise
    """In the first town and in the 管委会's area."""
    other: Enterprise
    """In the second town only."""
    people: dict[str, User] = field(default_factory=dict)

    def who(self, key: Who) -> User:
        """A person by key, by role code (the first who holds it), or unchanged."""
        if isinstance(key, User):
            return key
        if key in self.people:
            return self.people[key]
        return next(self.people[name] for name, _, role, _ in PEOPLE if role == key)


def build_world() -> World:
    """Write the world to the database: some twenty rows of places and one batch of people."""
    area = Territory.objects.create
    kind = Territory.Kind
    district = area(code="500120", name="璧山区", kind=kind.DISTRICT)
    town_area = area(code="500120003", name="青杠街道", kind=kind.TOWN, parent=district)
    village_area = area(code="500120003201", name="石河村", kind=kind.VILLAGE, parent=town_area)
    town2_area = area(code="500120100", name="八塘镇", kind=kind.TOWN, parent=district)
    village2_area = area(code="500120100201", name="福禄村", kind=kind.VILLAGE, parent=town2_area)
    zone_area = area(code="500120Z01", name="高新区", kind=kind.ZONE, parent=district)

    bureau = _organisation("bureau", "区应急管理局", Level.BUREAU, territory=district)
    office = {"level": Level.OFFICE, "parent": bureau}
    department = _organisation("jxw", "区经济信息委", Level.DEPARTMENT)
    town = _organisation("qinggang", "青杠街道办事处", Level.TOWN, territory=town_area)
    town2 = _organisation("batang", "八塘镇人民政府", Level.TOWN, territory=town2_area)
    world = World(
        district=district,
        town_area=town_area,
        village_area=village_area,
        town2_area=town2_area,
        zone_area=zone_area,
        bureau=bureau,
        duty_office=_organisation("duty", "应急指挥科", **office),
        enforcement_office=_organisation("enforcement", "安全执法科", **office),
        general_office=_organisation("general", "办公室", **office),
        rescue_centre=_organisation("rescue", "应急救援中心", Level.SUBORDINATE, parent=bureau),
        department=department,
        committee=_organisation("gaoxin", "高新区管委会", Level.COMMITTEE, territory=zone_area),
        town=town,
        village=_organisation("shihe", "石河村村委会", Level.VILLAGE, parent=town, territory=village_area),
        town2=town2,
        village2=_organisation("fulu", "福禄村村委会", Level.VILLAGE, parent=town2, territory=village2_area),
        plant=_enterprise("青杠机械厂", "1", town_area, village_area),
        joint=_enterprise("高新涂装有限公司", "2", town_area, zone_area),
        other=_enterprise("八塘建材厂", "3", town2_area),
    )
    world.plant.supervisors.add(department)
    world.people = _people(world)
    return world


@pytest.fixture
def world(db: None) -> World:
    """The world, fresh for this test."""
    return worlds.fresh(build_world)


@pytest.fixture
def limits(db: None) -> None:
    """The policy limits of the district pack, for what computes deadlines."""
    Limit.objects.bulk_create(copy(limit) for limit in _limits())


def forget_attempts() -> None:
    """Rate limits live in the process, so one test's attempts would count in the next."""
    for limit in (ratelimit.LOGIN, ratelimit.UPLOAD, ratelimit.IMPORT, ratelimit.PUBLIC):
        limit.clear()


@pytest.fixture
def client_for(world: World) -> ClientFor:
    """A function that gives a new client, logged in as the person with this key or role."""

    def login(who: Who) -> Client:
        client = Client()
        client.force_login(world.who(who))
        return client

    return login


@pytest.fixture
def owner(world: World) -> User:
    """Safety manager of `world.plant`, to which the objects of a test belong."""
    return world.who("safety")


@pytest.fixture
def teammate(world: World) -> User:
    """The second safety manager of `world.plant`."""
    return world.who("safety_mate")


@pytest.fixture
def stranger(world: World) -> User:
    """Safety manager of an enterprise in the other town: the same role, but must see nothing of the plant."""
    return world.who("safety2")


@lru_cache(maxsize=1)
def _limits() -> list[Limit]:
    """The limits as the platform loads them, read once and undone again: parsing them takes longer than most tests."""
    with transaction.atomic():
        load_limits(Path(bianwang.__file__).parent / "districts" / "bishan" / "limits.yaml")
        found = list(Limit.objects.all())
        transaction.set_rollback(True)
    for limit in found:
        limit.pk = None
    return found


def _organisation(
    code: str,
    name: str,
    level: str,
    *,
    parent: Organisation | None = None,
    territory: Territory | None = None,
) -> Organisation:
    made = Organisation.objects.create(code=code, name=name, level=level, parent=parent, territory=territory)
    if territory:
        made.territories.add(territory)
    return made


def _enterprise(name: str, serial: str, *areas: Territory) -> Enterprise:
    first17 = "91500227MA5U0000" + serial
    made = Enterprise.objects.create(
        name=name,
        credit_code=first17 + check_character(first17),
        sector=Enterprise.Sector.INDUSTRY,
        contact="冯安全",
        contact_phone="13800000000",
        longitude=106.2,
        latitude=29.6,
    )
    made.territories.add(*areas)
    return made


@lru_cache(maxsize=1)
def _password() -> str:
    return make_password(PASSWORD)


def _people(world: World) -> dict[str, User]:
    users = []
    for key, name, _, _ in PEOPLE:
        user = User(
            username=key,
            name=name,
            password=_password(),
            password_changed_at=now(),
            must_change_password=False,
            is_active=key != "disabled",
        )
        user.fill_pinyin()
        users.append(user)
    people = {user.username: user for user in User.objects.bulk_create(users)}
    posts = []
    for key, _, role, place in PEOPLE:
        if role:
            party: Party = getattr(world, place)
            posts.append(Post(user=people[key], role=role, party_id=party.pk))
    Post.objects.bulk_create(posts)
    return people
