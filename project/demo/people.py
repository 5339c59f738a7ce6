"""The zone's officers, enterprises, agencies, platforms and claimants."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.contrib.auth.hashers import make_password

from accounts.acting import Actor
from accounts.areas import load_zone
from accounts.models import Area, Organisation, Post, User
from accounts.roles import Role
from core.identifiers import IdType
from project.demo.numbers import card, mobile, person_name, resident_id, uscc
from registry.commands import (
    add_account,
    register_agency,
    register_claimant,
    register_employer,
    register_platform,
)

PASSWORD = "Yingong-2025"  # noqa: S105 - the demo's one password, printed on the screen
SINCE = date(2023, 2, 9)
ENTERPRISES = (
    ("泉州海峡石化装备有限公司", "350521104201", 640),
    ("福建闽台精密机械股份有限公司", "350521105001", 1210),
    ("泉州台商区恒源鞋业有限公司", "350521106208", 860),
    ("福建百崎湖食品有限公司", "350521200202", 330),
    ("泉州惠南新材料科技有限公司", "350521401", 520),
    ("泉州蟳埔海洋生物制品有限公司", "350521106201", 190),
)


@lru_cache(maxsize=1)
def hashed() -> str:
    """The demo password, hashed once: the cast has two hundred people."""
    return make_password(PASSWORD)


@dataclass
class Cast:
    """Everybody who acts, by a short name."""

    actors: dict[str, Actor] = field(default_factory=dict)
    employers: list[Organisation] = field(default_factory=list)
    agencies: list[Organisation] = field(default_factory=list)
    platforms: list[Organisation] = field(default_factory=list)

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]


def area_of(code: str) -> Area:
    """A unit by today's division code; the industrial area's code has nine digits."""
    return Area.objects.get(code=code)


def make_cast() -> Cast:
    """Load the zone and make its cast. The first account of each role is the one shown on the screen."""
    zone = load_zone()
    cast = Cast()
    _officers(cast, zone)
    _enterprises(cast)
    _agencies(cast)
    _platforms(cast)
    _persons(cast)
    return cast


def _hire(
    cast: Cast,
    key: str,
    username: str,
    name: str,
    role: Role,
    *,
    area: Area | None = None,
    org: Organisation | None = None,
) -> Actor:
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create(username=username, full_name=name, password=hashed())
    post = Post.objects.create(user=user, role=role, area=area, organisation=org, valid_from=SINCE)
    actor = Actor(user, post)
    cast.actors[key] = actor
    return actor


def _officers(cast: Cast, zone: Area) -> None:
    top = [
        ("bureau", "laobao", "黄美雄", Role.BUREAU_HANDLER),
        ("bureau2", "laobao2", "吴雅琴", Role.BUREAU_HANDLER),
        ("section", "kezhang", "陈志远", Role.SECTION_HEAD),
        ("leader", "juzhang", "林国栋", Role.BUREAU_LEADER),
        ("maker", "caizheng1", "许丽云", Role.FINANCE_MAKER),
        ("maker2", "caizheng1b", "郑小敏", Role.FINANCE_MAKER),
        ("checker", "caizheng2", "蔡文彬", Role.FINANCE_CHECKER),
        ("approver", "caizheng3", "王建平", Role.FINANCE_APPROVER),
        ("auditor", "shenji", "刘慧", Role.AUDITOR),
        ("sysadmin", "xitong", "周凯", Role.SYSTEM_ADMIN),
        ("security", "anquan", "沈倩", Role.SECURITY_ADMIN),
    ]
    for key, username, name, role in top:
        _hire(cast, key, username, name, role, area=zone)
    _villages(cast)
    for number, code in enumerate(("350521104", "350521105", "350521106", "350521200", "350521401")):
        area = area_of(code)
        _hire(cast, f"handler:{code}", f"zhen{code[-3:]}a", person_name(700 + number), Role.TOWNSHIP_HANDLER, area=area)
        _hire(cast, f"lead:{code}", f"zhen{code[-3:]}b", person_name(750 + number), Role.TOWNSHIP_LEAD, area=area)


def _villages(cast: Cast) -> None:
    """A clerk and a head in each of the 78 villages, in two statements."""
    wanted = [
        (f"{key}:{area.code}", f"cun{area.code[-6:]}{letter}", person_name(start + number), role, area)
        for number, area in enumerate(Area.objects.filter(kind=Area.Kind.VILLAGE))
        for key, letter, start, role in (
            ("clerk", "a", 1000, Role.VILLAGE_CLERK),
            ("head", "b", 1200, Role.VILLAGE_HEAD),
        )
    ]
    users = User.objects.bulk_create(
        User(username=username, full_name=name, password=hashed()) for _key, username, name, _role, _area in wanted
    )
    posts = Post.objects.bulk_create(
        Post(user=user, role=role, area=area, valid_from=SINCE)
        for user, (_key, _username, _name, role, area) in zip(users, wanted, strict=True)
    )
    for (key, *_rest), user, post in zip(wanted, users, posts, strict=True):
        cast.actors[key] = Actor(user, post)


def _enterprises(cast: Cast) -> None:
    for number, (name, code, heads) in enumerate(ENTERPRISES):
        organisation = register_employer(
            name=name,
            uscc=uscc(1000 + number),
            area=area_of(code),
            insured_headcount=heads,
            legal_representative=person_name(600 + number),
        )
        cast.employers.append(organisation)
    _hire(cast, "hr", "qiye1", "庄淑芬", Role.EMPLOYMENT_OFFICER, org=cast.employers[1])


def _agencies(cast: Cast) -> None:
    for number, name in enumerate(("泉州市联众人力资源服务有限公司", "福建海丝人才发展有限公司")):
        organisation = register_agency(
            name=name,
            uscc=uscc(2000 + number),
            area=area_of("350521105001"),
            licence_no=f"3505212200{number + 1:02d}",
            licence_from=date(2022, 3, 1),
            licence_to=date(2027, 2, 28),
            legal_representative=person_name(620 + number),
        )
        add_account(
            holder=name,
            bank="中国建设银行泉州台商投资区支行",
            number=f"3500165{number + 1:02d}07052500{100 + number}",
            cnaps="105397000113",
            organisation=organisation,
        )
        cast.agencies.append(organisation)
        suffix = "" if number == 0 else str(number + 1)
        _hire(
            cast,
            f"agency{suffix}",
            f"jigou{number + 1}",
            person_name(640 + number),
            Role.AGENCY_CLERK,
            org=organisation,
        )


def _platforms(cast: Cast) -> None:
    made = (
        ("泉州台商投资区机械行业协会", "51", "association", "zone", None),
        ("洛阳镇杏田村就业服务平台", "54", "village", "village", "350521104215"),
    )
    for number, (name, prefix, kind, level, village) in enumerate(made):
        home = area_of(village) if village else area_of("350521105001")
        organisation = register_platform(
            name=name,
            uscc=uscc(3000 + number, prefix),
            type=kind,
            level=level,
            area=home,
            operated_by=home if village else None,
            legal_representative=person_name(660 + number),
        )
        add_account(
            holder=name,
            bank="福建惠安农村商业银行台商区支行",
            number=f"907011{number + 1:02d}0010010000{number + 1:04d}",
            cnaps="402397200018",
            organisation=organisation,
        )
        cast.platforms.append(organisation)
        suffix = "" if number == 0 else str(number + 1)
        _hire(
            cast,
            f"platform{suffix}",
            f"pingtai{number + 1}",
            person_name(680 + number),
            Role.PLATFORM_CLERK,
            org=organisation,
        )


def _persons(cast: Cast) -> None:
    """Individuals: an in-service employee who brings many, one who brings few, and one outside any enterprise."""
    people = (
        ("person", "geren1", "柯雅芸", "350521105005", 1),
        ("person2", "geren2", "邱志明", "350521106208", 2),
        ("person3", "geren3", "郭小红", "350521104201", None),
    )
    for number, (key, username, name, village, employer) in enumerate(people):
        home = area_of(village)
        actor = _hire(cast, key, username, name, Role.INDIVIDUAL, area=home)
        register_claimant(
            user=actor.user,
            id_type=IdType.RESIDENT_ID,
            id_number=resident_id(5000 + number, born=date(1985, 3, 7 + number), male=False),
            phone=mobile(5000 + number),
            home=home,
            employer=cast.employers[employer] if employer is not None else None,
            employed_since=date(2019, 6, 1) if employer is not None else None,
        )
        add_account(holder=name, bank="中国农业银行泉州台商投资区支行", number=card(5000 + number), user=actor.user)
