"""Claims for the desk's tests: filed already, at any stop, with as many people as asked for."""

import json
import tomllib
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

import policy
from accounts.acting import Actor
from accounts.areas import zone
from accounts.models import Area, Organisation
from core import clock
from core.identifiers import IdType
from core.privacy import index_of
from documents.models import StoredFile
from policy.models import SchemeVersion
from project.demo.numbers import person_name, resident_id
from project.demo.people import Cast
from registry.models import Worker
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.locking import Case
from workflows.opening import open_stop
from workflows.reviews import AssessmentRecord, Notice, NoticeEntry, Review
from workflows.states import ClaimState, Kind, LineStatus

RATE = 100_000  # fen a head, 机构引进
FINDING = {
    "rule": "C06",
    "code": "insured_before",
    "severity": "review",
    "message": "入职前6个月内曾在区内参保，请核对是否首次引进。",
    "article": "系统默认（A8）",
    "inputs": {},
}
_numbers = iter(range(1, 1_000_000))


def scheme() -> SchemeVersion:
    """The notice's version, published."""
    found = SchemeVersion.objects.first()
    if found:
        return found
    path = next((Path(policy.__path__[0]) / "schemes").glob("*.toml"))
    terms = json.loads(json.dumps(tomllib.loads(path.read_text()), default=str))
    from accounts.models import User

    drafter = User.objects.get(username="laobao")
    publisher = User.objects.get(username="kezhang")
    return SchemeVersion.objects.create(
        code="qtz-2023-3",
        version=1,
        doc_no="泉台管办规〔2023〕3号",
        title="引工奖补",
        valid_from=date(2023, 2, 9),
        valid_to=date(2025, 12, 31),
        terms=terms,
        sha256="0" * 64,
        status="published",
        drafted_by=drafter,
        drafted_at=clock.now(),
        published_by=publisher,
        published_at=clock.now(),
    )


def worker() -> Worker:
    """A new person with a document of his own."""
    n = next(_numbers)
    number = resident_id(n)
    return Worker.objects.create(
        name=person_name(n), id_type=IdType.RESIDENT_ID, id_number=number, id_index=index_of("id", f"{n}{number}")
    )


def claim_at(
    cast: Cast,
    stop: ClaimState,
    *,
    villages: list[Area],
    heads: int = 2,
    risky: int = 0,
    by: Actor | None = None,
    on: date | None = None,
    people: list[Worker] | None = None,
    held: bool = False,
) -> Claim:
    """An agency claim whose reviews of `stop` were opened on `on`; people are spread over the villages in turn."""
    filer = by or cast["agency"]
    with clock.travel(on or clock.today()):
        claim = Claim.objects.create(
            kind=Kind.AGENCY,
            state=stop,
            number=f"YG-2025-104-{next(_numbers):06d}",
            claimant_org=filer.organisation,
            created_by=filer.user,
            created_post=filer.post,
            created_at=clock.now(),
            saved_at=clock.now(),
            filed_on=clock.today(),
            scheme=scheme(),
            contact="王经理",
        )
        _people(claim, people or [worker() for _ in range(heads)], villages, risky, held)
        case = Case(claim)
        open_stop(case, stop, case.areas())
        if stop == ClaimState.LEADER:
            shown_before(claim)
    return claim


def shown_before(claim: Claim) -> None:
    """A notice with this claim that has run its time."""
    closed = clock.today() - timedelta(days=3)
    notice = Notice.objects.create(
        number=f"GS-2025-{next(_numbers)}",
        opens_on=closed - timedelta(days=7),
        closes_on=closed,
        opened_by=claim.created_by,
        opened_at=clock.now(),
    )
    NoticeEntry.objects.create(notice=notice, claim=claim, headcount=1, amount_fen=RATE)


def _people(claim: Claim, people: list[Worker], villages: list[Area], risky: int, held: bool) -> None:
    employer = Organisation.objects.filter(kind=Organisation.Kind.EMPLOYER).first()
    lines = [
        ClaimLine(
            claim=claim,
            seq=n + 1,
            status=LineStatus.HELD if held else LineStatus.LIVE,
            worker=person,
            person_index=person.id_index,
            slot="referral:qtz-2023-3",
            home=villages[n % len(villages)],
            verify_area=villages[n % len(villages)],
            employer=employer,
            employer_name=employer.name,
            employer_uscc=employer.uscc,
            hire_date=clock.today() - timedelta(days=150),
            contract_from=clock.today() - timedelta(days=150),
            contract_to=clock.today() + timedelta(days=215),
            insured_from=clock.today() - timedelta(days=140),
            insured_months=4,
            details={"job": "操作工"},
            outcome="review" if n < risky else "pay",
            amount_fen=RATE,
        )
        for n, person in enumerate(people)
    ]
    ClaimLine.objects.bulk_create(lines)
    result = {
        "kind": "agency",
        "scheme": "qtz-2023-3/1",
        "doc_no": "泉台管办规〔2023〕3号",
        "rate_fen": RATE,
        "rate_article": "一（六）",
        "lines": [
            {
                "ref": str(line.pk),
                "outcome": line.outcome,
                "amount_fen": RATE,
                "findings": [FINDING] if n < risky else [],
            }
            for n, line in enumerate(lines)
        ],
        "findings": [],
        "headcount": len(lines),
        "tier": None,
        "bonus_fen": 0,
        "cap_cut_fen": 0,
        "total_fen": RATE * len(lines),
    }
    AssessmentRecord.objects.create(
        claim=claim, stage="filed", result=result, total_fen=RATE * len(lines), at=clock.now()
    )


def title_claim(cast: Cast, stop: ClaimState, *, heads: int = 12, tier: str = "bronze") -> Claim:
    """An ambassador's claim at a stop: it counts people and lists none."""
    filer = cast["person"]
    claim = Claim.objects.create(
        kind=Kind.AMBASSADOR,
        state=stop,
        number=f"YG-2025-105-{next(_numbers):06d}",
        claimant_user=filer.user,
        created_by=filer.user,
        created_post=filer.post,
        created_at=clock.now(),
        saved_at=clock.now(),
        filed_on=clock.today(),
        scheme=scheme(),
        employer=cast.employers[1],
        count_year=2025,
        tier=tier,
    )
    result = {"kind": "ambassador", "scheme": "qtz-2023-3/1", "doc_no": "泉台管办规〔2023〕3号", "rate_fen": 0}
    result |= {"rate_article": "一（六）", "lines": [], "findings": [], "headcount": heads, "tier": tier}
    result |= {"bonus_fen": 0, "cap_cut_fen": 0, "total_fen": 0}
    AssessmentRecord.objects.create(claim=claim, stage="filed", result=result, total_fen=0, at=clock.now())
    case = Case(claim)
    open_stop(case, stop, case.areas())
    if stop == ClaimState.LEADER:
        shown_before(claim)
    return claim


def evidence(claim: Claim, line: ClaimLine | None = None, content_type: str = "image/png") -> Evidence:
    """A contract of the claim or of one line; its bytes are nowhere, only its row."""
    file = StoredFile.objects.create(
        name="合同", content_type=content_type, size=1, sha256="0" * 64, path=str(uuid.uuid4()), stored_at=clock.now()
    )
    return Evidence.objects.create(
        claim=claim, line=line, kind="contract", file=file, added_by=claim.created_by, added_at=clock.now()
    )


def review_of(claim: Claim, area: Area | None = None) -> Review:
    """The claim's open review in an area (the zone when none is named)."""
    return Review.objects.get(claim=claim, outcome="", area=area or zone())


def decided(claim: Claim, by: Actor, step: str, outcome: str) -> Review:
    """A review of the claim that somebody ended today."""
    return Review.objects.create(
        claim=claim,
        step=step,
        area=by.area or zone(),
        opened_at=clock.now(),
        due_on=clock.today(),
        outcome=outcome,
        decided_by=by.user,
        decided_post=by.post,
        decided_at=clock.now(),
    )


def copies(claim: Claim, many: int) -> None:
    """So many more claims like this one, each with its open reviews and one line, written in bulk."""
    line, reviews = claim.lines.first(), list(Review.objects.filter(claim=claim))
    claims = [_like(claim, number=f"YG-2025-104-{next(_numbers):06d}") for _ in range(many)]
    Claim.objects.bulk_create(claims)
    ClaimLine.objects.bulk_create(
        _like(line, pk=uuid.uuid4(), claim=copy, person_index=f"{copy.number}") for copy in claims
    )
    Review.objects.bulk_create(_like(review, claim=copy) for review in reviews for copy in claims)


def _like(row: Any, **other: object) -> Any:
    same = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    new = type(row)(**same)
    for name, value in other.items():
        setattr(new, name, value)
    return new


def signed_in(actor: Actor) -> Client:
    """A browser in which the actor works in this post."""
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["post_id"] = actor.post_id
    session.save()
    return client
