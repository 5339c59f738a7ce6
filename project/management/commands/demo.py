"""`manage.py demo`: fill a believable zone once, print one login a role, write var/demo.json."""

import json
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Area, Post
from accounts.roles import Role
from core import clock
from core.models import Event
from core.timeline import SYSTEM, record
from documents.models import Paper
from documents.papers import pdf_of
from project.demo.labour import fill_register
from project.demo.people import PASSWORD, make_cast
from project.demo.returns import fill_returns
from project.demo.story import tell
from project.demo.zone import fund_and_scheme

FILLED = "demo"  # the chain whose one event says that the story was told to its end


class Command(BaseCommand):
    help = "Fill the demonstration zone, unless it is filled, and say who can log in."

    def handle(self, *args: Any, **options: Any) -> None:
        if clock.fixed_date() is None:
            raise CommandError("The demonstration needs a fixed day: YINGONG_BUSINESS_DATE=2025-11-24.")
        if not Event.objects.filter(chain=FILLED).exists():
            if Area.objects.exists():
                raise CommandError("An earlier run was cut off: remove var/demo.sqlite3 and start again.")
            cast = make_cast()
            fill_returns(cast)
            fill_register(cast)
            tell(cast, *fund_and_scheme(cast))  # each deed commits by itself, so that its papers carry its day
            for paper in Paper.objects.all():
                pdf_of(paper)
            record(FILLED, "filled", by=SYSTEM)
        accounts = self._accounts()
        url = settings.PUBLIC_URL if "PORT" not in os.environ else f"http://127.0.0.1:{os.environ['PORT']}"
        path = settings.VAR_DIR / "demo.json"
        path.write_text(json.dumps({"url": url, "accounts": accounts}, ensure_ascii=False, indent=1))
        for login in accounts:
            role = Role(login["role"]).label
            self.stdout.write(f"{role}\t{login['username']}\t{login['password']}\t{login['area']}")

    @staticmethod
    def _accounts() -> list[dict[str, str]]:
        """One login a role, each in its first post."""
        first: dict[str, Post] = {}
        for post in Post.objects.select_related("user", "area", "organisation").order_by("pk"):
            first.setdefault(post.role, post)
        return [
            {"role": role, "username": post.user.username, "password": PASSWORD, "area": str(post.place)}
            for role, post in first.items()
        ]
