"""C07: three months after payment each referred worker is listed once, looked at once, and a case opened from it."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from core import clock
from core.jobs import planned
from core.timeline import breaks
from funds.models import FundSource
from payments.models import Recheck
from payments.recovery.rechecks import answer, can_answer, list_due, rechecks_for
from tests.payments import made
from tests.payments.made import Office, code_of, verbs
from tests.payments.recovered import Bureau, bureau, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Bureau:
    return bureau()


def test_listed_once_when_three_months_are_over(office: Office, source: FundSource, people: Bureau) -> None:
    assert "payments.list_rechecks" in str(list(planned()))
    with clock.travel(date(2025, 8, 24)):
        first = paid(office, source)
    with clock.travel(date(2025, 8, 25)):
        second = paid(office, source)
    found = [claim for claim in (first, second) if rechecks_for(people.handler).filter(claim=claim).exists()]
    assert (list_due(), list_due(), found) == (2, 0, [])
    assert set(rechecks_for(people.handler).values_list("claim", flat=True)) == {first.pk}
    with clock.travel(date(2026, 1, 5)):  # nights were missed
        assert (list_due(), list_due()) == (2, 0)
    assert verbs(first.chain).count("list_recheck") == 1 and list(breaks()) == []
    assert not rechecks_for(made.officer(Role.VILLAGE_CLERK, "村经办")).exists()


def test_each_is_answered_once_by_the_bureau(office: Office, source: FundSource, people: Bureau) -> None:
    with clock.travel(date(2025, 8, 1)):
        claim = paid(office, source, heads=3)
    list_due()
    ids = list(Recheck.objects.values_list("pk", flat=True))
    stopped = {"recheck_ids": ids[:1], "outcome": "stopped", "by": people.handler, "stopped_on": date(2025, 9, 1)}
    for change, code in (
        ({"by": people.head}, "recheck_not_yours"),
        ({"by": made.posted(claim.created_by, Role.BUREAU_HANDLER)}, "recovery_concerns_you"),
        ({"recheck_ids": []}, "nothing_selected"),
        ({"recheck_ids": [0]}, "recheck_unknown"),
        ({"outcome": "gone"}, "outcome_unknown"),
        ({"stopped_on": None}, "stopped_on_missing"),
        ({"stopped_on": date(2026, 1, 1)}, "stopped_on_missing"),
        ({"note": "电话13805960001"}, "words_with_number"),
    ):
        assert code_of(lambda change=change: answer(**stopped | change)) == code
    assert answer(**stopped) == 1
    assert code_of(lambda: answer(**stopped)) == "recheck_answered"
    assert code_of(lambda: answer(recheck_ids=ids, outcome="insured", by=people.handler)) == "recheck_answered"
    with CaptureQueriesContext(connection) as seen:
        assert answer(recheck_ids=ids[1:], outcome="insured", by=people.handler) == 2
    assert len(seen) <= 12
    by_outcome = {only: rechecks_for(people.handler, only=only).count() for only in ("", "insured", "stopped", "all")}
    assert by_outcome == {"": 0, "insured": 2, "stopped": 1, "all": 3}
    assert not can_answer(people.leader)
    for refused in (lambda: Recheck.objects.update(outcome="insured"), lambda: Recheck.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
