"""支付格式: who sees it, what it shows, the sample as a file; queries do not grow with the formats."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import Actor
from payments.formats import format_named, load_formats
from tests.payments import made
from tests.payments.formats_made import FIXED, folder_with

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["post_id"] = actor.post_id
    session.save()
    return client


def test_formats_with_samples_and_problems(tmp_path: Path, settings: Any) -> None:
    office = made.office()
    maker, bureau = signed_in(office.maker), signed_in(office.bureau)
    page = reverse("finance:formats")
    maker.get(page)  # the first of a session writes when it was seen
    with CaptureQueriesContext(connection) as few:
        shown = maker.get(page).content.decode()
    assert all(form.label in shown for form in load_formats().values())
    assert "有误的格式文件" not in shown
    tight = FIXED.replace("fixed-bank", "tight").replace('title = "户名"', 'title = "户名"\nlongest = 2')
    settings.FORMATS_DIRS = [folder_with(tmp_path, fixed=FIXED, tight=tight, wrong=FIXED.replace("limits", "limit"))]
    with CaptureQueriesContext(connection) as more:
        shown = maker.get(page).content.decode()
    assert len(few) == len(more) <= 6
    assert "定长文本银行" in shown
    assert "wrong.toml" in shown and ">limit<" in shown
    for code in load_formats():
        answer = maker.get(reverse("finance:format", args=[code]))
        assert answer.status_code == 200
        text = answer.content.decode()
        assert ("下载样例文件" in text, "第1笔的“户名”超过2个字" in text) == (code != "tight", code == "tight")
        file = maker.get(reverse("finance:format_sample", args=[code]))
        assert (file.status_code == 200) == (code != "tight")
        if code != "tight":
            assert (
                "attachment" in file["Content-Disposition"] and file["Content-Type"] == format_named(code).content_type
            )
    gbk = maker.get(reverse("finance:format_sample", args=["bank-gbk-text"])).content.decode("gbk")
    assert gbk.splitlines()[-1] == "T|3|1450050|人民币壹万肆仟伍佰元伍角整"
    for name, args in (("formats", []), ("format", ["bank-xlsx"]), ("format_sample", ["bank-xlsx"])):
        assert bureau.get(reverse(f"finance:{name}", args=args)).status_code == 403
    assert page in maker.get(reverse("finance:batches")).content.decode()
    assert page not in bureau.get(reverse("finance:batches")).content.decode()
    assert maker.get(reverse("finance:format", args=["no-such-bank"])).status_code == 422
