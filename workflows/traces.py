"""What people and units leave in other claims and in the check lists: phones, files, accounts, addresses, insurance.

Asked for a whole claim at once: a fixed number of queries, however many its lines. Only counts and dates leave here,
never whose they are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import Count, DateField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from accounts.models import Organisation
from core.identifiers import IdType
from core.privacy import index_of
from policy.facts import Insured, Listed
from registry.models import BankAccount, Employer
from workflows.check_lists import CheckEntry, CheckList, entries_about, in_force
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.states import ClaimState, Kind, LineStatus

CLAIMING = (LineStatus.LIVE, LineStatus.HELD, LineStatus.SUSPENDED)
EIGHTEEN = (IdType.RESIDENT_ID, IdType.RESIDENCE_PERMIT)
MONTH = 31  # days, generously


@dataclass(slots=True)
class Traces:
    """Everything found, by line, person, phone or unit; what is not in a table is nothing."""

    phone_workers: dict[str, int] = field(default_factory=dict)
    phone_claimants: dict[str, int] = field(default_factory=dict)
    same_files: dict[object, int] = field(default_factory=dict)
    id_distance: dict[object, int] = field(default_factory=dict)
    listed: Mapping[str, list[Listed]] = field(default_factory=dict)
    insured: Mapping[str, list[CheckEntry]] = field(default_factory=dict)
    blacklisted: set[str] = field(default_factory=set)  # persons' indexes and units' codes
    stops: dict[str, tuple[int, int]] = field(default_factory=dict)  # unit: (approved, stopped)
    representatives: dict[str, str] = field(default_factory=dict)

    def jobs_of(self, line: ClaimLine) -> tuple[Insured, ...]:
        """The months insured of a line's person; whether at its employer's group."""
        own = line.employer_uscc
        boss = self.representatives.get(own, "")
        return tuple(
            Insured(
                employer_uscc=entry.uscc,
                since=entry.since,
                until=entry.until,
                same_group=entry.uscc == own or bool(boss and self.representatives.get(entry.uscc) == boss),
            )
            for entry in self.insured.get(line.person_index, ())
            if entry.since
        )


def traces(
    claim: Claim,
    lines: Sequence[ClaimLine],
    on: date,
    files: Iterable[tuple[object, str]],
    months: int,
    claimant: str | None = None,
) -> Traces:
    """What the lines of a claim share with others on a day; `files` are (line, SHA-256) of evidence of single lines.

    `months`: how soon after an approval the end of an insurance counts as a stop; `claimant`: his keyed index.
    """
    found = Traces(id_distance=_id_distances(lines))
    _phones(claim, lines, found)
    _files(lines, list(files), found)
    lists = dict(in_force(on).values_list("kind", "pk"))
    if lists:
        _lists(claim, lines, lists, claimant or "", found)
        if CheckList.Kind.INSURANCE in lists:
            _stops(lines, lists[CheckList.Kind.INSURANCE], months, found)
    return found


def _phones(claim: Claim, lines: Sequence[ClaimLine], found: Traces) -> None:
    """Workers and claimants by phone: this claim's and those of other live ones; one query."""
    mine = ("org", claim.claimant_org_id) if claim.claimant_org_id else ("user", claim.claimant_user_id)
    workers: dict[str, set[object]] = defaultdict(set)
    claimants: dict[str, set[object]] = defaultdict(set)
    for line in lines:
        if line.phone_index:
            workers[line.phone_index].add(line.person_index or line.pk)
            claimants[line.phone_index].add(mine)
    others = ClaimLine.objects.filter(phone_index__in=list(workers), status__in=CLAIMING).exclude(claim=claim.pk)
    rows = others.order_by().values_list("phone_index", "person_index", "claim__claimant_org", "claim__claimant_user")
    for phone, person, org, user in rows if workers else ():
        workers[phone].add(person)
        claimants[phone].add(("org", org) if org else ("user", user))
    found.phone_workers = {phone: len(people) for phone, people in workers.items()}
    found.phone_claimants = {phone: len(who) for phone, who in claimants.items()}


def _files(lines: Sequence[ClaimLine], files: list[tuple[object, str]], found: Traces) -> None:
    """For how many other people the very bytes of a line's own evidence were handed in; one query, or none."""
    if not files:
        return
    people: dict[str, set[object]] = defaultdict(set)
    of_line: dict[object, object] = {line.pk: line.person_index or line.pk for line in lines}
    rows = Evidence.objects.filter(line__isnull=False, file__sha256__in={sha for _line, sha in files})
    for sha, person, line in rows.values_list("file__sha256", "line__person_index", "line"):
        people[sha].add(person or line)
    for line_id, sha in files:
        others = people[sha] - {of_line.get(line_id)}
        found.same_files[line_id] = max(found.same_files.get(line_id, 0), len(others))


def _id_distances(lines: Sequence[ClaimLine]) -> dict[object, int]:
    """How far the nearest other number with the same issuing area and birth date is, by line (C13)."""
    near: dict[str, list[tuple[int, object]]] = defaultdict(list)
    for line in lines:
        worker = line.worker
        if worker and worker.id_type in EIGHTEEN and len(worker.id_number) == 18 and worker.id_number[14:17].isdigit():
            near[worker.id_number[:14]].append((int(worker.id_number[14:17]), line.pk))
    distances: dict[object, int] = {}
    for group in near.values():
        group.sort(key=lambda item: item[0])
        for (low, first), (high, second) in pairwise(group):
            for pk in (first, second):
                distances[pk] = min(distances.get(pk, 1000), high - low)
    return distances


def _lists(claim: Claim, lines: Sequence[ClaimLine], lists: dict[str, int], claimant: str, found: Traces) -> None:
    people = {line.person_index for line in lines if line.person_index}
    units = {line.employer_uscc for line in lines if line.employer_uscc}
    if claim.claimant_org:
        units.add(claim.claimant_org.uscc)
    listed: dict[str, list[Listed]] = defaultdict(list)
    insured: dict[str, list[CheckEntry]] = defaultdict(list)
    for entry in entries_about({*people, claimant} - {""}, units, lists.values()):
        kind = entry.list.kind
        if kind == CheckList.Kind.INSURANCE:
            insured[entry.person_index].append(entry)
            continue
        listed[entry.person_index].append(Listed(kind=kind, since=entry.since, until=entry.until))
        if kind == CheckList.Kind.BLACKLIST:
            found.blacklisted.add(entry.person_index or entry.uscc)
    found.listed, found.insured = listed, insured
    codes = {entry.uscc for several in insured.values() for entry in several} - units
    found.representatives = _representatives(units | codes) if insured else {}


def _representatives(codes: Collection[str]) -> dict[str, str]:
    known = Employer.objects.filter(organisation__uscc__in=list(codes)).exclude(legal_rep_index="")
    return dict(known.values_list("organisation__uscc", "legal_rep_index"))


def _stops(lines: Sequence[ClaimLine], insurance: int, months: int, found: Traces) -> None:
    """Of the people approved at these employers before, how many stopped being insured there soon after (C07)."""
    soon = Cast(OuterRef("claim__approved_at") + timedelta(days=MONTH * months), DateField())
    stopped = CheckEntry.objects.filter(
        list=insurance, person_index=OuterRef("person_index"), uscc=OuterRef("employer_uscc"), until__lte=soon
    )
    approved = ClaimLine.objects.filter(
        employer_uscc__in={line.employer_uscc for line in lines},
        status=LineStatus.LIVE,
        claim__state=ClaimState.PAYABLE,
        claim__kind__in=(Kind.AGENCY, Kind.INDIVIDUAL),
    )
    rows = approved.annotate(stopped=Exists(stopped)).order_by().values("employer_uscc")
    for row in rows.annotate(all=Count("pk"), gone=Count("pk", filter=Q(stopped=True))):
        found.stops[row["employer_uscc"]] = (row["all"], row["gone"])


@dataclass(frozen=True, slots=True)
class Ties:
    """What a claimant has in common with others, as `policy.facts.ClaimantFacts` names it."""

    account_holder: str | None = None
    account_shared_by: int = 1
    address_shared_by: int = 1
    shares: frozenset[tuple[str, str]] = frozenset()


def ties_of(claim: Claim) -> Ties:
    """Who else uses the account of the claim, and stands at its claimant's address; at most two queries."""
    account, unit = claim.account, claim.claimant_org
    shares: set[tuple[str, str]] = set()
    owners: set[object] = set()
    if account:
        same = BankAccount.objects.filter(number_index=account.number_index).order_by()
        for org, kind, code, user in same.values_list(
            "organisation", "organisation__kind", "organisation__uscc", "user"
        ):
            if kind == Organisation.Kind.EMPLOYER:
                shares.add(("account", code))
            else:
                owners.add(("org", org) if org else ("user", user))
    standing = 1
    if unit and unit.address.strip():
        there = Organisation.objects.filter(address=unit.address).values_list("kind", "uscc")
        known = list(there)
        shares |= {("address", code) for kind, code in known if kind == Organisation.Kind.EMPLOYER}
        standing = max(1, len({code for kind, code in known if kind != Organisation.Kind.EMPLOYER}))
    return Ties(account.holder if account else None, max(1, len(owners)), standing, frozenset(shares))


def phone_index_of(phone: str) -> str:
    """The keyed index of a phone, as lines carry it; empty for none."""
    return index_of("phone", phone) if phone else ""
