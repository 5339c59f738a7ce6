"""Every list with an export: its page, what its rows are called there, and short ways to its exported rows."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from axes.models import AccessLog
from django.test import override_settings

from accounts.acting import Actor
from documents.exports import Export, all_exports
from payments import reconciliation
from payments.batches import cancel_batch
from tests.portals.matrix_world import World, make_world
from workflows.claims import Claim

Ids = Callable[[dict[str, Any]], Iterable[object]]


def of_page(context: Any) -> list[str]:
    return [str(row) for row in context["page"].paginator.object_list]


def of_reviews(page: Any) -> list[str]:
    return [str(review.claim) for review in page.paginator.object_list]


# kind: page, what its rows are called in order, place of that in an exported row, who looks.
LISTS: dict[str, tuple[str, Ids, int, tuple[str, str]]] = {
    "claims": ("desk:claims", of_page, 0, ("bureau", "clerk:350521104201")),
    "inbox": ("desk:inbox", lambda c: of_reviews(c["tray"].page), 0, ("clerk:350521104201", "bureau")),
    "done": ("desk:done", lambda c: of_reviews(c["page"]), 0, ("bureau", "section")),
    "publicity_waiting": (
        "desk:publicity", lambda c: [str(claim) for claim in c["waiting"].paginator.object_list], 0, ("bureau", "leader"),
    ),
    "notices": (
        "desk:publicity", lambda c: [n.number for n in c["notices"].paginator.object_list], 0, ("bureau", "auditor"),
    ),
    "my_claims": ("claimant:list", of_page, 0, ("agency", "agency2")),
    "payable": ("finance:payable", of_page, 0, ("maker", "auditor")),
    "batches": ("finance:batches", of_page, 0, ("checker", "leader")),
    "funds": ("finance:funds", lambda c: [row.fund.name for row in c["page"]], 0, ("maker", "leader")),
    "unpaid": ("finance:unpaid", lambda c: [row.claim for row in c["page"]], 0, ("checker", "auditor")),
    "reconciliation": (
        "finance:reconciliation", lambda c: [g.label for g in reconciliation.groups_by("fund")], 0, ("maker", "leader"),
    ),
    "recoveries": ("finance:recoveries", of_page, 0, ("maker", "leader")),
    "rechecks": (
        "finance:rechecks", lambda c: [str(row.claim) for row in c["page"].paginator.object_list], 0, ("bureau", "auditor"),
    ),
    "second_looks": (
        "desk:second_looks", lambda c: [str(row.work.claim) for row in c["rows"]], 0, ("bureau", "handler:350521104"),
    ),
    "waivers": (
        "desk:exceptions", lambda c: [str(waiver.claim) for waiver in c["page"].paginator.object_list], 0,
        ("leader", "auditor"),
    ),
    "labour": ("register:people", of_page, 0, ("bureau", "clerk:350521104201")),
    "labour_picture": (
        "returns:picture", lambda c: [*(r.label for t in c["shown"].tables for r in t.rows), *(f"{m:%Y-%m}" for m, _u, _e in c["shown"].months)], 1,
        ("bureau", "clerk:350521104201"),
    ),
    "users": (
        "administration:users", lambda c: [user.username for user in c["page"].paginator.object_list], 0,
        ("sysadmin", "sysadmin"),
    ),
    "events": (
        "administration:events", lambda c: [event.hash[:12] for event in c["log"].page.paginator.object_list], 6,
        ("auditor", "security"),
    ),
    "sign_ins": (
        "administration:sign_ins", lambda c: [entry.username for entry in c["page"].paginator.object_list], 0,
        ("security", "security"),
    ),
    "locks": (
        "administration:locks", lambda c: [lock["username"] for lock in c["page"].paginator.object_list], 0,
        ("security", "security"),
    ),
}  # fmt: skip
NOT_LISTS = {
    "desk:lists": "which check lists there are; each stands in the operations log with its import",
    "claimant:new": "a choice of kinds",
    "administration:policies": "versions, each a file of its own",
    "administration:calendar": "a calendar, loaded from a file",
    "finance:parked": "doubtful answers of banks, gone when somebody settled them; the file they came in is kept",
    "desk:objections": "who objected to whom: read on the desk, by the two who answer it",
    "desk:boards": "what villages still owe; what hung stands with its notice",
    "returns:returns": "the calendar of returns; what villages handed in stands in their annexes",
    "administration:jobs": "the state of work, gone after a while",
    "administration:integrity": "findings, told as JSON by check_integrity",
}


def listed_world(settings: Any, tmp_path: Path) -> World:
    """The matrix's world, with a sign-in; exports wait for a worker."""
    settings.MEDIA_ROOT = tmp_path
    world = make_listed_world()
    settings.JOBS_CARRIER = "database"
    return world


def make_listed_world() -> World:
    """The same in whatever folder is set."""
    with override_settings(JOBS_CARRIER="database"):
        AccessLog.objects.create(username="laobao", ip_address="127.0.0.1", path_info="/login/")
        return make_world()


def export_of(kind: str) -> Export:
    return next(export for export in all_exports() if export.kind == kind)


def exported(kind: str, by: Actor, /, **filters: object) -> list[tuple[Any, ...]]:
    return list(export_of(kind).rows(by, {name: str(value) for name, value in filters.items()}))  # type: ignore[arg-type]


def leave_to_pay(world: World) -> Claim:
    """The approved claim, out of its batch again."""
    assert world.batch is not None
    cancel_batch(batch_id=world.batch.pk, by=world.cast["maker"], reason="重新编制")
    return world.claims[3]
