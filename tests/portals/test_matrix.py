"""Every address, asked by every role and by nobody: no fault, no open door, nothing of a claim one may not see."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.acting import Actor
from accounts.models import User
from core.errors import Refusal
from portals.shared.middleware import POST_KEY, refused, status_of
from tests.portals.matrix_world import HOSTILE, MISSING, World, make_world
from tests.standing import fresh, standing
from workflows.access import visible_lines, visible_to
from workflows.claims import ClaimLine

pytestmark = pytest.mark.django_db
ANSWERS = {200, 302, 400, 403, 404, 405, 409, 422}
OPEN_TO_ALL = {
    "login", "public:verify", "public:verified", "public:verify_file", "public:notices", "public:notice",
    "public:objection", "public:objection_form",
}  # fmt: skip
ALSO: dict[str, set[int]] = {
    "public:verify": {429},  # whoever asks too often
    "public:verify_file": {429},
    "public:verified": {429},
    **{name: {429} for name in ("public:notices", "public:notice", "public:objection", "public:objection_form")},
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


def no_arguments(world: World) -> list[Any]:
    return [()]


# Every route with what its arguments may be. One that is missing here fails the first test.
ADMINISTRATION = """policies policy_load policy_compare users open_account calendar locks unlock sign_ins factors
factor_reset events jobs
integrity integrity_check integrity_sweep"""
BATCH = "batch check return release cancel mark send fit choose_format make_file"
ROUTES: dict[str, Callable[[World], list[Any]]] = {
    **dict.fromkeys(("home", "login", "logout", "password", "acting", "session_ping"), no_arguments),
    **dict.fromkeys(
        ("second_factor", "second_factor_setup", "second_factor_own", "second_factor_remove"), no_arguments
    ),
    **dict.fromkeys(("passkey_offer", "passkey_add", "passkey_question", "passkey_prove"), no_arguments),
    "shared:evidence": World.evidence,
    **dict.fromkeys(("shared:paper", "shared:paper_progress"), World.papers),
    **dict.fromkeys(("shared:jobs", "shared:export"), no_arguments),
    **dict.fromkeys(("shared:job", "shared:job_file", "shared:job_cancel", "shared:job_retry"), World.jobs),
    **dict.fromkeys(("claimant:list", "claimant:new"), no_arguments),
    "claimant:roster_template": lambda world: ["agency", "ambassador", "nonsense"],
    "claimant:roster_result": World.files,
    "claimant:roster_imported": World.claim,
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
    **dict.fromkeys(("desk:claim", "desk:draft", "desk:end_publicity"), World.claim),
    **dict.fromkeys(("desk:decide", "desk:recall"), World.reviews),
    **dict.fromkeys(("desk:clash", "desk:annul"), World.lines),
    **dict.fromkeys(("desk:boards", "desk:objections"), no_arguments),
    "desk:notice": World.notices,
    "desk:approve_suspended": World.claim,
    **dict.fromkeys((f"desk:board_{name}" for name in ("post", "waive", "photo")), World.boards),
    **dict.fromkeys(("desk:objection_new", "desk:objection_record"), World.entries),
    **dict.fromkeys(
        ("desk:objection", *(f"desk:objection_{name}" for name in ("investigate", "decide", "scan"))),
        World.objections,
    ),
    **dict.fromkeys(
        (f"finance:{name}" for name in ("payable", "draft", "move", "batches", "open", "funds", "formats", "unpaid")),
        no_arguments,
    ),
    **dict.fromkeys(
        ("finance:format", "finance:format_sample"), lambda world: ["bank-xlsx", "bank-gbk-text", "no-such-bank"]
    ),
    **dict.fromkeys(
        (f"finance:{name}" for name in BATCH.split()),
        World.batches,
    ),
    "finance:download": lambda world: [(pk, "bank-xlsx", "payment") for pk in world.batches()],
    **dict.fromkeys(("finance:parked", "finance:returned", "finance:pay_again"), no_arguments),
    "finance:results": World.sent_batches,
    **dict.fromkeys(("finance:result", "finance:result_file"), World.result_files),
    "finance:settle": World.parked_rows,
    "finance:account": World.returned_transfers,
    **dict.fromkeys(("finance:account_change", "finance:account_evidence"), World.account_changes),
    **dict.fromkeys(("finance:fund", "finance:supplement"), World.funds),
    **dict.fromkeys(("finance:recoveries", "finance:rechecks", "finance:recheck_record"), no_arguments),
    "finance:recovery_open": World.claim,
    **dict.fromkeys(
        (f"finance:recovery{verb}" for verb in ("", "_decide", "_plan", "_receive", "_offset", "_write_off")),
        World.recoveries,
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
    **dict.fromkeys(("public:notices", "public:objection"), no_arguments),
    "public:notice": World.shown,
    "public:objection_form": World.recipients,
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
        session[POST_KEY] = by.post_id
        session.save()
        client.get(reverse("session_ping"))  # the session's sign of life: else each request writes one, which is undone
    return client


@contextmanager
def told_once() -> Iterator[None]:
    """Each refusal is laid out as a page once an actor; the same words to the same actor again come back bare."""
    laid_out = set()

    def told(request: Any, refusal: Refusal) -> HttpResponse:
        said = (request.user.pk, str(status_of(refusal)), refusal.code, refusal.message, *refusal.fields.values())
        if said not in laid_out:
            laid_out.add(said)
            return refused(request, refusal)
        return HttpResponse(" ".join(map(str, said[1:])), status=status_of(refusal))

    with mock.patch("portals.shared.middleware.refused", told):
        yield


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


@pytest.fixture(scope="module")
def standing_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with standing(django_db_blocker, make_world, files=tmp_path_factory.mktemp("files")) as world:
        yield world


@pytest.fixture
def world(standing_world: World, db: None, settings: Any) -> World:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"  # not the question here, and asked so often
    return fresh(standing_world)


@pytest.mark.parametrize("group", ROLES)
def test_every_address_answers(world: World, group: str) -> None:
    with told_once():
        faults = {who: faults_of(world, None if who == "nobody" else world.cast[who]) for who in ROLES[group]}
    assert {who: found for who, found in faults.items() if found} == {}
