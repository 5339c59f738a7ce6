"""Every address, asked by every role and by nobody: no fault, no open door, nothing of a claim one may not see."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.acting import Actor
from accounts.models import User
from core import clock
from core.jobs import Job, enqueue
from documents.files import store
from documents.models import Paper, StoredFile
from documents.papers import pdf_of
from funds.models import FundSource
from payments.batches import draft_batch, open_batch
from payments.models import Batch
from policy.models import SchemeVersion
from project.demo.filing import draft, filed
from project.demo.people import Cast, make_cast
from project.demo.walking import walk
from project.demo.zone import fund_and_scheme
from workflows.access import visible_lines, visible_to
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.issuing import issue_due
from workflows.reviews import Review
from workflows.states import ClaimState

pytestmark = pytest.mark.django_db
MISSING = 987654
HOSTILE = "9" * 40
ANSWERS = {200, 302, 400, 403, 404, 405, 409, 422}
OPEN_TO_ALL = {"login", "public:verify", "public:verified", "public:verify_file"}
ALSO: dict[str, set[int]] = {
    "public:verify": {429},  # whoever asks too often
    "public:verify_file": {429},
    "public:verified": {429},
    "session_ping": {204, 401},  # a sign of life for a script: nothing to show, or signed out
}
ROLES = {
    "claimants and nobody": ("nobody", "agency", "agency2", "platform", "person", "hr"),
    "villages and townships": (
        "clerk:350521104201",
        "head:350521104201",
        "clerk:350521104209",
        "handler:350521104",
        "lead:350521105",
    ),
    "bureau and finance": ("bureau", "section", "leader", "maker", "checker", "approver"),
    "watchers": ("auditor", "sysadmin", "security"),
}


@dataclass
class World:
    """Claims in several states, and what hangs on them."""

    cast: Cast
    claims: list[Claim] = field(default_factory=list)
    batch: Batch | None = None
    paper: Paper | None = None

    def pks(self, rows: Any) -> list[Any]:
        """The ids of these rows, one that does not exist and one that no database holds."""
        return [*rows, MISSING, HOSTILE]

    def claim(self) -> list[Any]:
        return self.pks(claim.pk for claim in self.claims)

    def lines(self) -> list[Any]:
        """One line of each claim, and none."""
        return [*(self._line(claim) for claim in self.claims), uuid4()]

    def claim_and_line(self) -> list[Any]:
        """Each claim with its own line, the first claim with another's, and what does not exist."""
        pairs = [(claim.pk, self._line(claim)) for claim in self.claims]
        return [*pairs, (pairs[0][0], pairs[-1][1]), (pairs[0][0], uuid4()), (MISSING, uuid4()), (HOSTILE, uuid4())]

    def _line(self, claim: Claim) -> Any:
        return ClaimLine.objects.filter(claim=claim).values_list("pk", flat=True).first()

    def reviews(self) -> list[Any]:
        return self.pks(Review.objects.filter(claim__in=self.claims, outcome="").values_list("pk", flat=True))

    def evidence(self) -> list[Any]:
        return self.pks(Evidence.objects.filter(claim=claim).values_list("pk", flat=True)[0] for claim in self.claims)

    def batches(self) -> list[Any]:
        return self.pks([self.batch.pk])  # type: ignore[union-attr]

    def files(self) -> list[Any]:
        return [StoredFile.objects.filter(name="校验结果.xlsx").values_list("pk", flat=True)[0], uuid4()]

    def jobs(self) -> list[Any]:
        """One of an agency, with a file that names its worker; one of the system; none."""
        return [*Job.objects.values_list("pk", flat=True), uuid4()]

    def users(self) -> list[Any]:
        return self.pks([self.cast["agency2"].user_id])

    def posts(self) -> list[Any]:
        return self.pks([self.cast["agency2"].post_id])

    def schemes(self) -> list[Any]:
        return self.pks(SchemeVersion.objects.values_list("pk", flat=True))


def no_arguments(world: World) -> list[Any]:
    return [()]


# Every route with what its arguments may be. One that is missing here fails the first test.
ADMINISTRATION = """policies policy_load policy_compare users open_account calendar locks unlock sign_ins events jobs
integrity integrity_check integrity_sweep"""
ROUTES: dict[str, Callable[[World], list[Any]]] = {
    **dict.fromkeys(("home", "login", "logout", "password", "acting", "session_ping"), no_arguments),
    "shared:evidence": World.evidence,
    "shared:paper": lambda world: [world.paper.pk, uuid4()],  # type: ignore[union-attr]
    "shared:jobs": no_arguments,
    **dict.fromkeys(("shared:job", "shared:job_file", "shared:job_cancel", "shared:job_retry"), World.jobs),
    **dict.fromkeys(("claimant:list", "claimant:new"), no_arguments),
    "claimant:roster_template": lambda world: ["agency", "ambassador", "nonsense"],
    "claimant:roster_result": World.files,
    "claimant:evidence_remove": World.evidence,
    **dict.fromkeys(("claimant:line_edit", "claimant:line_remove"), World.claim_and_line),
    **dict.fromkeys(
        (
            f"claimant:{name}"
            for name in (
                "claim",
                "save",
                "line_add",
                "roster",
                "count",
                "evidence_add",
                "precheck",
                "file",
                "withdraw",
                "answer",
            )
        ),
        World.claim,
    ),
    **dict.fromkeys(
        ("desk:inbox", "desk:bulk", "desk:done", "desk:claims", "desk:publicity", "desk:publish"), no_arguments
    ),
    **dict.fromkeys(("desk:claim", "desk:end_publicity"), World.claim),
    **dict.fromkeys(("desk:decide", "desk:recall"), World.reviews),
    **dict.fromkeys(("desk:clash", "desk:annul"), World.lines),
    **dict.fromkeys(
        ("finance:payable", "finance:draft", "finance:batches", "finance:open", "finance:funds"), no_arguments
    ),
    **dict.fromkeys(
        (f"finance:{name}" for name in ("batch", "check", "return", "release", "cancel", "mark", "download")),
        World.batches,
    ),
    **dict.fromkeys((f"administration:{name}" for name in ADMINISTRATION.split()), no_arguments),
    **dict.fromkeys(("administration:policy", "administration:policy_publish"), World.schemes),
    **dict.fromkeys(
        (f"administration:{name}" for name in ("user", "reset_password", "close_account", "grant_post")), World.users
    ),
    "administration:end_post": World.posts,
    **dict.fromkeys(
        ("administration:calendar_year", "administration:calendar_save"), lambda world: [2025, 2031, 0, 9999]
    ),
    "public:verify": no_arguments,
    "public:verify_file": no_arguments,
    "public:verified": lambda world: [world.paper.number, "YG-2025-104-000001", "不存在", "9" * 300],  # type: ignore[union-attr]
}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The name of every route of the project; one without a name is shown by its pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}"


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """Each route with each of its arguments, as (name, path)."""
    for name, arguments in ROUTES.items():
        for given in arguments(world):
            args = given if isinstance(given, tuple) else (given,)
            path = reverse(name, args=[MISSING if arg == HOSTILE else arg for arg in args])
            yield name, path.replace(str(MISSING), HOSTILE) if HOSTILE in args else path


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    """A draft, a claim in villages, another agency's in another village, an approved one in a batch."""
    settings.MEDIA_ROOT = tmp_path
    cast = make_cast()
    fund: FundSource = fund_and_scheme(cast)[0]
    world = World(cast)
    with clock.travel(date(2025, 10, 9)):
        paid = filed(cast, "individual", 2, seed=3300, homes=["白奇村"])
    paid = walk(cast, paid, ClaimState.PAYABLE, fund=fund, on=date(2025, 10, 10))
    world.claims = [
        draft(cast, "agency", 2, seed=3000),
        walk(cast, filed(cast, "agency", 4, seed=3100, homes=["洛阳村", "锦峰社区"]), ClaimState.VILLAGE),
        walk(cast, filed(cast, "agency", 2, seed=3200, by=cast["agency2"], homes=["白奇村"]), ClaimState.VILLAGE),
        paid,
        filed(cast, "platform", 10, seed=3400, homes=["白奇村"]),
    ]
    issue_due(paid.pk, "系统")
    world.paper = Paper.objects.get(subject=paid.chain)
    pdf_of(world.paper)
    world.batch = open_batch(fund_id=fund.pk, channel="private", by=cast["bureau"])
    draft_batch(batch_id=world.batch.pk, claim_ids=[paid.pk], by=cast["maker"])
    made_for(world.claims[2], cast["agency2"])
    enqueue("workflows.sign_day", arguments={})
    return world


def made_for(claim: Claim, by: Actor) -> None:
    """A finished job whose file holds a worker's name in plain text."""
    name = ClaimLine.objects.filter(claim=claim).select_related("worker")[0].worker.name
    file = store(data=name.encode(), name="清单.csv", content_type="text/csv", by_id=by.user_id)
    Job.objects.create(
        kind="workflows.sign_day",
        state=Job.State.DONE,
        finished_at=clock.now(),
        result={"file": str(file.pk)},
        asked_by=by.user,
        asked_post=by.post_id,
    )


def secrets_of(world: World, by: Actor | None) -> dict[str, str]:
    """Texts the actor may not read, each with the claim it belongs to: numbers, and workers' names."""
    hidden: dict[str, str] = {}
    known = set(User.objects.values_list("full_name", flat=True))
    for claim in world.claims:
        seen = by is not None and visible_to(by).filter(pk=claim.pk).exists()
        lines = ClaimLine.objects.filter(claim=claim).select_related("worker")
        shown = set(visible_lines(by, claim).values_list("pk", flat=True)) if seen and by else set()
        known |= {line.worker.name for line in lines if line.pk in shown and line.worker}
        if not seen and claim.number:
            hidden[claim.number] = str(claim.pk)
        hidden |= {line.worker.name: str(claim.pk) for line in lines if line.pk not in shown and line.worker}
    return {text: claim for text, claim in hidden.items() if len(text) > 2 and not any(text in name for name in known)}


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


def test_every_route_is_in_the_table() -> None:
    assert sorted(set(routes())) == sorted(ROUTES)


def signed_in(by: Actor | None) -> Client:
    """A browser signed in as the actor, in his post; faults come back as status 500."""
    client = Client(raise_request_exception=False)
    if by:
        client.force_login(by.user)
        session = client.session
        session["post_id"] = by.post_id
        session.save()
    return client


def faults_of(world: World, by: Actor | None) -> list[str]:
    """What is wrong with the answers to one actor: a status nobody should see, an open door, a leak."""
    client, secrets = signed_in(by), secrets_of(world, by)
    assert secrets or by is not None
    cookies = dict(client.cookies)
    faults: list[str] = []
    for name, path in addresses(world):
        for method in ("get", "post"):
            with transaction.atomic():  # what a POST does is undone: every address is asked in the same world
                response = getattr(client, method)(path)
                body = text_of(response)
                transaction.set_rollback(True)
            client.cookies.clear()
            client.cookies.update(cookies)
            if response.status_code not in ANSWERS | ALSO.get(name, set()):
                faults.append(f"{method} {path[:90]}: {response.status_code}")
            if by is None and response.status_code == 200 and name not in OPEN_TO_ALL:
                faults.append(f"{method} {path}: open to anybody")
            leaks = {claim for text, claim in secrets.items() if text in body and text not in path}
            faults += [f"{method} {path[:90]}: tells of claim {claim}" for claim in leaks]
    return faults


@pytest.mark.parametrize("group", ROLES)
def test_every_address_answers(world: World, group: str) -> None:
    faults = {who: faults_of(world, None if who == "nobody" else world.cast[who]) for who in ROLES[group]}
    assert {who: found for who, found in faults.items() if found} == {}
