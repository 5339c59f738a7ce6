"""Who the survey is about: men of 16 to 60 and women of 16 to 55 years (the annexes' fill-in note; decisions A23, A24).

Only the month of birth is known as a rule, so nobody is left out before his month is over: included until the day before
the 61st (56th) birthday.
"""

from datetime import date

FROM = 16
UNTIL = {"1": 60, "2": 55}
LAST = 60  # where the sex is not known


def latest_birth(on: date) -> date:
    """Born after this month, somebody is not yet 16."""
    return date(on.year - FROM, on.month, 1)


def earliest_birth(sex: str, on: date) -> date:
    """Born before this month, somebody is out of it on `on`: from the 61st (56th) birthday."""
    return date(on.year - UNTIL.get(sex, LAST) - 1, on.month, 1)


def in_scope(sex: str, birth_month: date | None, on: date) -> bool:
    """Whether somebody stands in the annexes on `on` by his age; nobody is left out for a missing month."""
    return birth_month is None or earliest_birth(sex, on) <= birth_month <= latest_birth(on)


def near_the_end(sex: str, birth_month: date | None, on: date) -> bool:
    """Whether somebody is in his last year: from the 60th (55th) birthday."""
    if birth_month is None or not in_scope(sex, birth_month, on):
        return False
    return birth_month <= date(on.year - UNTIL.get(sex, LAST), on.month, 1)
