"""The notice of recovery as the bureau would fill it in; everybody in it is invented."""

from datetime import date

from documents.papers.letters import Addressee
from documents.papers.recovery import RecoveredLine, RecoveryContent, RecoveryInstalment
from tests.documents.papers_made import NAMES, TITLED, TO, masked


def recovery(count: int = 3, parts: int = 0) -> RecoveryContent:
    lines = [
        RecoveredLine(n, NAMES[n % len(NAMES)], masked(n), date(2025, 8, 20), 100_000, 100_000)
        for n in range(1, count + 1)
    ]
    plan = [RecoveryInstalment(date(2025, 12, n), count * 100_000 // parts) for n in range(1, parts + 1)]
    return RecoveryContent(
        to=TO if count != 1 else Addressee("阿卜杜拉·买买提", personal=True),
        claim_number="YG-2025-104-000123",
        kind_label="机构引进",
        ground="参保不足规定期限即停保",
        facts="社保系统显示，所列人员参保两个月后停保，企业书面确认其于2025年6月离职。",
        article="本区默认口径 A9、核查规则 C07",
        lines=lines,
        total_fen=count * 100_000,
        due_on=date(2025, 12, 15),
        days=15,
        instalments=plan,
        **TITLED,
    )
