"""A zone for tests of the claimant's pages: the demo's cast, its scheme, browsers signed in, rosters and scans."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from accounts.acting import Actor
from project.demo.filing import scan
from project.demo.people import Cast, make_cast
from project.demo.rosters import rows, workbook
from project.demo.zone import fund_and_scheme
from workflows.claims import Claim
from workflows.roster_lines import village_codes

MOST_QUERIES = 15
FRAME = re.compile(r'"(?:django_session|accounts_post)"|FROM "accounts_user" WHERE "accounts_user"."id" = |SAVEPOINT')


def zone(settings: Any, folder: Any) -> Cast:
    """The cast with its published scheme; stored files lie in `folder`."""
    settings.MEDIA_ROOT = folder
    cast = make_cast()
    fund_and_scheme(cast)
    return cast


class Browser(Client):
    """Work that a request leaves behind is done right after it, as outside of a test's transaction; an upload of a
    roster is followed to the page of its result."""

    def request(self, **asked: Any) -> Any:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**asked)

    def post(self, path: str, *args: Any, **more: Any) -> Any:  # type: ignore[override]
        answer = super().post(path, *args, **more)
        came = answer.headers.get("Location", "")
        return self.get(came) if came.endswith("/roster/imported/") else answer


def browser(by: Actor) -> Client:
    """A browser signed in as the actor."""
    client = Browser()
    client.force_login(by.user)
    return client


def people(cast: Cast, kind: str, heads: int, seed: int, **changes: str) -> list[dict[str, str]]:
    """Rows of sound workers; `changes` go on the first."""
    made = rows(kind, heads, seed=seed, employers=cast.employers[:4], lender=cast.employers[5])  # type: ignore[arg-type]
    made[0] |= changes
    return made


def roster(kind: str, made: list[dict[str, str]], name: str = "花名册.xlsx") -> SimpleUploadedFile:
    """The rows as an uploaded workbook."""
    return SimpleUploadedFile(name, workbook(kind, made))  # type: ignore[arg-type]


def picture(label: str, name: str = "扫描件.png") -> SimpleUploadedFile:
    """A scan to upload."""
    return SimpleUploadedFile(name, scan(label, name), content_type="image/png")


def start(client: Client, kind: str, **more: Any) -> Claim:
    """A draft started through the page."""
    answer = client.post("/claims/new/", {"kind": kind, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Claim.objects.get(pk=int(answer["Location"].strip("/").split("/")[-1]))


def form_of(row: dict[str, str]) -> dict[str, Any]:
    """A roster row as the fields of the form."""
    data: dict[str, Any] = {key: value for key, value in row.items() if value and key != "seq"}
    data["id_type"] = "resident_id"
    if row.get("village"):
        data["village"] = village_codes()[row["village"]]
    if row.get("insurance_types"):
        data["insurance_types"] = row["insurance_types"].split("、")
    return data


@contextmanager
def few_queries() -> Iterator[None]:
    """At most 15 queries, not counting the frame's: session, user, posts, savepoints."""
    with CaptureQueriesContext(connection) as told:
        yield
    asked = [query["sql"] for query in told.captured_queries if not FRAME.search(query["sql"])]
    assert len(asked) <= MOST_QUERIES, f"{len(asked)} queries:\n" + "\n".join(sql[:200] for sql in asked)
