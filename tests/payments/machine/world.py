"""The zone in which the machine acts: officers enough for every side, people that several claims want, claims on the road."""

from dataclasses import dataclass, field, replace
from datetime import date

from accounts.acting import Actor
from accounts.areas import zone
from accounts.models import Post, User
from accounts.roles import Role
from core import clock
from documents.rosters import RosterValues, parse_roster
from funds.commands import open_fund
from funds.models import FundSource
from project.demo.people import SINCE, Cast, make_cast
from project.demo.rosters import rows, workbook
from project.demo.walking import walk
from project.demo.zone import fund_and_scheme
from workflows.claims import Claim
from workflows.drafts import save_claim, start_claim
from workflows.filing import file_claim
from workflows.roster_lines import save_line, village_codes
from workflows.states import ClaimState, Kind

MORNING = date(2025, 10, 13)  # when the machine begins
PEOPLE = 50  # workers that all claims take theirs from
HOMES = ("洛阳村", "杏田村", "")
CLAIMANTS = {
    "agency": Kind.AGENCY,
    "agency2": Kind.AGENCY,
    "person": Kind.INDIVIDUAL,
    "person2": Kind.INDIVIDUAL,
}
MORE = (  # a second officer where the cast has one, and people with a second post, on the other side
    ("section2", "", Role.SECTION_HEAD),
    ("leader2", "", Role.BUREAU_LEADER),
    ("checker2", "", Role.FINANCE_CHECKER),
    ("approver2", "", Role.FINANCE_APPROVER),
    ("bureau3", "", Role.BUREAU_HANDLER),
    ("bureau as maker", "bureau", Role.FINANCE_MAKER),
    ("bureau3 as section", "bureau3", Role.SECTION_HEAD),
    ("maker as checker", "maker", Role.FINANCE_CHECKER),
    ("checker as approver", "checker", Role.FINANCE_APPROVER),
    ("approver as leader", "approver", Role.BUREAU_LEADER),
    ("section as leader", "section", Role.BUREAU_LEADER),
    ("agency as maker", "agency", Role.FINANCE_MAKER),
    ("leader as approver", "leader", Role.FINANCE_APPROVER),
)


@dataclass
class World:
    """What stands before the first step."""

    cast: Cast = field(repr=False)
    funds: list[FundSource]
    people: list[RosterValues] = field(repr=False)
    officers: dict[Role, list[str]] = field(default_factory=dict, repr=False)


def make_world() -> World:
    """Everybody, three funds (one of them small) and seven claims, from the village to the bank's door."""
    cast = make_cast()
    _hire_more(cast)
    referral, pool = fund_and_scheme(cast)
    world = World(cast, [referral, pool, _small_fund(cast)], _people(cast))
    for key, actor in cast.actors.items():
        if actor.user_id in _shown(cast):
            world.officers.setdefault(Role(actor.role), []).append(key)
    with clock.travel(MORNING):
        for seed, (who, heads, until) in enumerate(STANDING):
            claim = filed(world, who, [3 * seed + n for n in range(heads)], employer=seed)
            walk(cast, claim, until, fund=referral)
    return world


AT_WORK = {"person": 1, "person2": 2}
STANDING = (
    ("agency", 2, ClaimState.PAYABLE),
    ("agency", 2, ClaimState.PAYABLE),
    ("person", 2, ClaimState.PAYABLE),
    ("agency2", 2, ClaimState.PAYABLE),
    ("person", 1, ClaimState.LEADER),
    ("agency2", 2, ClaimState.PUBLICITY),
    ("person2", 2, ClaimState.VILLAGE),
)


def _small_fund(cast: Cast) -> FundSource:
    """Enough for three workers of an agency and no more."""
    return open_fund(
        name="中央就业补助资金",
        allocation_no="泉财社指〔2025〕56号",
        year=2025,
        amount_fen=3_500_00,
        functional_code="2080799",
        economic_code="30399",
        by=cast["maker"],
    )


def _hire_more(cast: Cast) -> None:
    for number, (key, same, role) in enumerate(MORE):
        user = cast[same].user if same else User.objects.create(username=f"m{number}", full_name=f"某{key}"[:20])
        post = Post.objects.create(user=user, role=role, area=zone(), valid_from=SINCE)
        cast.actors[key] = Actor(user, post)


def _shown(cast: Cast) -> set[int]:
    """Users the machine picks officers from: everybody but most of the village officers."""
    return {actor.user_id for key, actor in cast.actors.items() if not key.startswith(("clerk:", "head:"))}


def filed(world: World, who: str, people: list[int], *, employer: int = 0) -> Claim:
    """A claim of these people of the pool, filed today by its claimant."""
    draft = drafted(world, who, people, employer=employer)
    return file_claim(claim_id=draft.pk, by=world.cast[who])


def drafted(world: World, who: str, people: list[int], *, employer: int = 0) -> Claim:
    """The same, not filed yet. A person brings people to his own enterprise."""
    by, place = world.cast[who], world.cast.employers[AT_WORK.get(who, employer % 4)]
    claim = start_claim(kind=CLAIMANTS[who], by=by)
    for number in sorted(set(people)):
        values = replace(world.people[number], employer_name=place.name, employer_uscc=place.uscc)
        save_line(claim_id=claim.pk, by=by, values=values)
    return save_claim(claim_id=claim.pk, by=by, declared=True)


def _people(cast: Cast) -> list[RosterValues]:
    """The pool as a roster names it, read once; where they work is put in with the claim."""
    people: list[dict[str, str]] = []
    for number in range(PEOPLE):
        where = {"employers": cast.employers[:1], "homes": [HOMES[number % len(HOMES)]]}
        people += rows("agency", 1, seed=4000 + number, hired=date(2025, 6, 3), **where)
    data = workbook("agency", [row | {"seq": str(seq)} for seq, row in enumerate(people, 1)])
    roster = parse_roster(data, "花名册.xlsx", kind="agency", on=MORNING, village_codes=village_codes())
    return [row.values for row in roster.rows if row.values is not None]
