"""Claims as their claimants draft and file them."""

import io
from collections.abc import Sequence
from datetime import date

from PIL import Image, ImageDraw

from accounts.acting import Actor
from accounts.models import Organisation
from project.demo.people import Cast
from project.demo.rosters import rows, workbook
from workflows.claims import Claim, Evidence
from workflows.drafts import count_referrals, save_claim, start_claim
from workflows.evidence import add_evidence
from workflows.filing import file_claim
from workflows.roster_import import import_roster
from workflows.states import Kind

CLAIMANTS = {Kind.AGENCY: "agency", Kind.INDIVIDUAL: "person", Kind.PLATFORM: "platform"}
FILES = {
    Kind.AGENCY: ("business_licence", "hr_licence", "contract", "insurance_proof", "bank_proof", "commitment"),
    Kind.INDIVIDUAL: ("id_check", "contract", "insurance_proof", "bank_proof", "commitment"),
    Kind.PLATFORM: ("business_licence", "lending_agreement", "payroll_proof", "bank_proof", "commitment"),
    Kind.AMBASSADOR: ("id_check", "contract", "commitment"),
}


def scan(label: str, name: str) -> bytes:
    """A picture that stands for a scanned paper: a frame and bars, no text to be read as true."""
    picture = Image.new("RGB", (310, 438), "#fbfaf6")  # small: every claim of the demo and of the tests brings six
    draw = ImageDraw.Draw(picture)
    draw.rectangle((15, 15, 295, 423), outline="#9a938a", width=2)
    for n in range(18):
        longer, thicker = divmod((hash_of(label + name) * (n + 3)) % 330, 2)
        draw.rectangle((35, 55 + n * 19, 125 + longer, 60 + n * 19 + thicker), fill="#c9c2b6")
    draw.ellipse((210, 345, 270, 405), outline="#b8423a", width=2)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def hash_of(text: str) -> int:
    """A small number that depends on the text only."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(text))


def evidence_for(claim: Claim, by: Actor) -> None:
    """Attach one scan of each kind the claim usually brings."""
    for kind in FILES[Kind(claim.kind)]:
        label = str(Evidence.Kind(kind).label)
        add_evidence(claim_id=claim.pk, by=by, kind=kind, data=scan(label, str(claim.pk)), name=f"{label}.png")


def draft(
    cast: Cast,
    kind: str,
    heads: int,
    *,
    seed: int,
    by: Actor | None = None,
    employers: Sequence[Organisation] | None = None,
    hired: date = date(2025, 3, 3),
    homes: Sequence[str] | None = None,
) -> Claim:
    """A complete draft with its roster and evidence, declared and ready to file."""
    by = by or cast[CLAIMANTS[Kind(kind)]]
    claim = start_claim(kind=kind, by=by)
    where = {"homes": homes} if homes is not None else {}
    people = rows(
        kind,  # type: ignore[arg-type]
        heads,
        seed=seed,
        employers=employers or cast.employers[:4],
        lender=cast.employers[5],
        hired=hired,
        **where,
    )
    import_roster(claim_id=claim.pk, by=by, data=workbook(kind, people), name="花名册.xlsx")  # type: ignore[arg-type]
    evidence_for(claim, by)
    return save_claim(claim_id=claim.pk, by=by, declared=True)


def filed(cast: Cast, kind: str, heads: int, *, seed: int, **more: object) -> Claim:
    """A draft that was filed."""
    by = more.get("by") or cast[CLAIMANTS[Kind(kind)]]
    return file_claim(claim_id=draft(cast, kind, heads, seed=seed, **more).pk, by=by)  # type: ignore[arg-type]


def ambassador(cast: Cast, *, by: Actor, year: int = 2025) -> Claim:
    """An ambassador's claim, counted and filed."""
    claim = start_claim(kind=Kind.AMBASSADOR, by=by, count_year=year)
    count_referrals(claim_id=claim.pk, by=by)
    evidence_for(claim, by)
    save_claim(claim_id=claim.pk, by=by, declared=True)
    return file_claim(claim_id=claim.pk, by=by)
