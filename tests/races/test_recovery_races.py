"""Real connections at once, on PostgreSQL: one debt, two receipts, one winner and a sentence for the other."""

from functools import partial

import pytest

from core import clock
from core.timeline import breaks
from funds.ledger import prove
from payments.models import Repayment
from payments.recovery.opening import open_case
from payments.recovery.repaying import receive
from tests.payments import made
from tests.payments.made import line_ids
from tests.payments.recovered import ARTICLE, FACTS, bureau, ordered, paid
from tests.payments.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


def test_two_receipts_for_one_debt() -> None:
    office, source, people = made.office(), made.fund(), bureau()
    for turn in range(ROUNDS):
        case = ordered(people, paid(office, source, heads=1))
        whole = partial(receive, case_id=case.pk, amount_fen=1_000_00, on=clock.today())
        answers = at_once(
            partial(whole, reference=f"入{turn}甲", by=office.maker),
            partial(whole, reference=f"入{turn}乙", by=office.checker),
        )
        assert sorted(answers) == ["ok", "recovery_closed"]
        part = ordered(people, paid(office, source, heads=1))
        some = partial(receive, case_id=part.pk, amount_fen=600_00, on=clock.today())
        answers = at_once(*[partial(some, reference=f"入{turn}{n}", by=office.maker) for n in "丙丁"])
        assert sorted(answers) == ["more_than_owed", "ok"]
        assert Repayment.objects.filter(case__in=[case, part]).count() == 2
    assert prove() == [] and list(breaks()) == []


def test_two_cases_for_one_line_and_numbers_without_a_gap() -> None:
    office, source, people = made.office(), made.fund(), bureau()
    other = made.officer("bureau_handler", "另一经办")
    for turn in range(1, ROUNDS + 1):
        claim = paid(office, source, heads=1)
        told = {"claim_id": claim.pk, "amounts": dict.fromkeys(line_ids(claim), 1_000_00), "ground": "duplicate"}
        told |= {"facts": FACTS, "article": ARTICLE}
        answers = at_once(*[partial(open_case, by=by, **told) for by in (people.handler, other)])
        assert sorted(answers) == ["more_than_paid", "ok"]
        assert claim.recovery_cases.get().number == f"ZH-{clock.today().year}-{turn:03d}"
