"""What time does, as scheduled work; the commands themselves stand in `workflows.deadlines`."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs import Run, scheduled, task
from core.timeline import sign_day
from workflows import list_import
from workflows.deadlines import deem_accepted, ended_publicity, overdue_acceptances, recompute, tried
from workflows.handing_on import release, stranded
from workflows.issuing import issue_missing
from workflows.list_import import AFTER
from workflows.list_import import KIND as LIST
from workflows.publicity import end_publicity
from workflows.rejudging import rejudge
from workflows.returns import work
from workflows.roster_import import KIND as ROSTER
from workflows.roster_import import carry_out

__all__ = ["work"]  # registers the monthly return's tasks too


@scheduled("5 * * * *")
@task("workflows.deem_accepted", label=gettext_lazy("逾期未作决定视为受理"))
def deem(run: Run) -> dict[str, Any]:
    """Silence after the acceptance limit counts as acceptance."""
    return _each(run, "review_id", overdue_acceptances(), deem_accepted)


@scheduled("10 * * * *")
@task("workflows.publicity_end", label=gettext_lazy("公示期满"))
def end(run: Run) -> dict[str, Any]:
    """Claims whose publicity period is over go on."""
    return _each(run, "claim_id", ended_publicity(), end_publicity)


@scheduled("20 * * * *")
@task("workflows.release_stranded", label=gettext_lazy("收回离岗人员的指派"))
def strandings(run: Run) -> dict[str, Any]:
    """Reviews assigned to somebody who left the post are everybody's of that post again."""
    return _each(run, "review_id", list(stranded()), release)


@scheduled("*/15 * * * *")
@task("workflows.missing_papers", label=gettext_lazy("补发应发文书"))
def papers(run: Run) -> dict[str, Any]:
    """Papers that a crash left out; each is issued under its claim's lock, once."""
    return _counted(issue_missing())


@scheduled("30 1 * * *")
@task("workflows.recompute_deadlines", label=gettext_lazy("按工作日历重算期限"))
def deadlines(run: Run) -> dict[str, Any]:
    """Provisional deadlines follow the calendar as it stands now."""
    return _counted(recompute())


@scheduled("50 23 * * *")
@task("workflows.sign_day", label=gettext_lazy("签署当日办理记录"))
def day(run: Run) -> dict[str, Any]:
    """The signed end of all chains for the day."""
    return _counted(int(sign_day() is not None))


@task(ROSTER, label=gettext_lazy("导入花名册"))
def roster(run: Run) -> dict[str, Any]:
    """A roster into its draft: whole and once, or not at all."""
    return carry_out(run)


@task(LIST, label=gettext_lazy("导入核查名单"))
def check_list(run: Run) -> dict[str, Any]:
    """A check list of another authority: whole and once, or not at all."""
    return list_import.carry_out(run)


@task(AFTER, label=gettext_lazy("按新名单重新核查"))
def judge_again(run: Run) -> dict[str, Any]:
    """Every open claim that a new check list speaks of is judged again."""
    why = f"check_list:{run.arguments['list']}"
    return _each(run, "claim_id", list_import.claims_concerned(run.arguments["list"]), partial(rejudge, why=why))


def _each(run: Run, name: str, keys: Sequence[int], command: Callable[..., object]) -> dict[str, Any]:
    count = 0
    for done, key in enumerate(keys, 1):
        with run.step(done=done, total=len(keys)):
            count += tried(command, **{name: key})
    return _counted(count)


def _counted(count: int) -> dict[str, Any]:
    return {"count": count, "say": _("处理%(count)s项") % {"count": count}}
