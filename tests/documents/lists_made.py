"""Rosters, summaries and verification sheets as offices would fill them in; everybody in them is invented."""

from datetime import date

from documents.papers.checks import CheckedLine, CheckSignature
from documents.papers.roster import RosterContent, RosterLine
from documents.papers.summary import SummaryContent, SummaryRow
from documents.papers.township_check import TownshipCheckContent
from documents.papers.village_check import VillageCheckContent
from tests.documents.papers_made import FIRMS, NAMES, SCHEME, masked

HOMES = (
    ("福建省泉州市惠安县东园镇", "是", "东园村委会"),
    ("贵州省毕节市威宁彝族回族苗族自治县草海镇", "否", ""),
    ("福建省泉州市惠安县百崎回族乡", "是", "后海村委会"),
)
LABELS = {"agency": "机构引进", "individual": "个人引进", "platform": "用工调剂", "ambassador": "引工大使"}


def roster_line(n: int, kind: str, gone: bool) -> RosterLine:
    firm, other = FIRMS[n % 3], FIRMS[(n + 1) % 3]
    hukou, in_zone, village = HOMES[n % 3]
    lent = kind == "platform"
    return RosterLine(
        seq=n,
        name=NAMES[n % len(NAMES)],
        sex="男" if n % 2 else "女",
        id_type="港澳台居民居住证" if n % 7 == 0 else "居民身份证",
        masked_id=masked(n),
        hukou=hukou,
        in_zone=in_zone,
        village=village,
        education=("普通高中", "大学专科", "中等职业", "初中")[n % 4],
        masked_phone=f"139****{n % 10000:04d}",
        employer=firm[0],
        employer_uscc=firm[1],
        job=("缝纫工", "自动化设备调试员", "")[n % 3],
        hired_on=date(2025, 3 + n % 5, 1 + n % 28),
        contract_from=None if lent else date(2025, 3 + n % 5, 1 + n % 28),
        contract_to=None if lent or n % 3 == 0 else date(2026, 3 + n % 5, 1 + n % 28),
        insurance="" if lent else "养老、失业、工伤",
        insured_from=None if lent else date(2025, 3 + n % 5, 1),
        insured_months=None if lent else 4 + n % 5,
        channel="" if lent else ("劳务对接会", "线上招聘", "老乡介绍")[n % 3],
        letter_no="" if lent or n % 2 else f"TJ-2025-{n:03d}",
        signed="是" if n % 5 else "",
        outcome="核减：稳定就业不满3个月" if gone else "支持",
        lender=other[0] if lent else "",
        lender_uscc=other[1] if lent else "",
        lent_to=date(2025, 5 + n % 5, 1 + n % 28) if lent else None,
        actual_days=60 + n % 10 if lent else None,
        payroll_months="2025年3月、4月、5月" if lent else "",
        claim_number=f"YG-2025-104-{n:06d}" if kind == "ambassador" else "",
    )


def roster(kind: str = "agency", count: int = 12, deducted: int = 2) -> RosterContent:
    gone = 0 if kind == "ambassador" else deducted
    return RosterContent(
        kind=kind,
        kind_label=LABELS[kind],
        claim_number="YG-2025-104-000123",
        claimant="陈志强" if kind in ("individual", "ambassador") else "泉州海丝人力资源服务有限公司",
        filed_on=date(2025, 9, 29),
        lines=[roster_line(n, kind, n > count - gone) for n in range(1, count + 1)],
        live_count=count - gone,
        **SCHEME,
    )


def summary(count: int = 6) -> SummaryContent:
    who = [
        ("泉州海丝人力资源服务有限公司", "机构引进", 30, 28, 100_000, "稳定就业不满3个月1人；劳动合同不足1年1人"),
        ("陈志强", "个人引进", 6, 6, 50_000, ""),
        ("泉州台商投资区纺织鞋服行业协会", "用工调剂", 46, 45, 50_000, "同一劳动者已由其他申报享受奖补1人"),
        ("吴𬱖", "引工大使", 32, 32, 0, ""),
    ]
    rows = []
    for n in range(count):
        name, label, filed, live, rate, why = who[n % len(who)]
        rows.append(
            SummaryRow(
                seq=n + 1,
                claim_number=f"YG-2025-104-{n + 1:06d}",
                kind_label=label,
                claimant=name,
                townships=[FIRMS[0][2], FIRMS[1][2]] if filed > 20 else [FIRMS[0][2]],
                employers=[firm[0] for firm in (FIRMS if filed > 20 else FIRMS[:1])],
                filed_count=filed,
                live_count=live,
                deducted_count=filed - live,
                reasons=why,
                rate_fen=rate,
                amount_fen=live * rate,
                note="拟授金牌" if label == "引工大使" else "",
            )
        )
    return SummaryContent(
        occasion="公示 GS-2025-03",
        made_by="庄晓雯",
        made_on=date(2025, 11, 6),
        rows=rows,
        scheme_labels=["qtz-2023-3/1"],
        doc_no=SCHEME["doc_no"],
    )


def checked(count: int, township: bool) -> list[CheckedLine]:
    found = (
        ("true", "", ""),
        ("true", "", "核减：未在该企业找到本人"),
        ("deducted", "未在该企业找到本人：上门未见到", ""),
    )
    rows = []
    for n in range(1, count + 1):
        outcome, why, proposed = found[1 if n == 2 else 2 if n == 3 else 0]
        rows.append(
            CheckedLine(
                seq=n,
                name=NAMES[n % len(NAMES)],
                masked_id=masked(n),
                place=HOMES[n % 3][2],
                employer=FIRMS[n % 3][0],
                hired_on=date(2025, 3 + n % 5, 1 + n % 28),
                outcome=outcome,
                why=why,
                proposed=proposed,
                before=("东园村委会：属实", "由乡镇直接核实")[n % 2] if township else "",
            )
        )
    return rows


ABOUT = {
    "claim_number": "YG-2025-104-000123",
    "kind_label": "机构引进",
    "claimant": "泉州海丝人力资源服务有限公司",
    "filed_on": date(2025, 9, 29),
    "firms": [firm[0] for firm in FIRMS],
} | SCHEME


def village_check(count: int = 8, **more: object) -> VillageCheckContent:
    signatures = [
        CheckSignature(
            "经办", "王建国", "村（社区）经办人", "经入户及到企业核实，除1人外情况属实。", date(2025, 10, 13)
        ),
        CheckSignature("负责人", "王海涛", "村（社区）负责人", "情况属实，同意上报。", date(2025, 10, 14)),
    ]
    given: dict = ABOUT | {"organ": "东园村委会", "round": 1, "lines": checked(count, False), "signatures": signatures}
    return VillageCheckContent(**given | more)


def village_check_of_a_title() -> VillageCheckContent:
    about = f"2025年度为{FIRMS[0][0]}引进劳动力，申报认定32人"
    return village_check(0, kind_label="引工大使", claimant="陈志强", about=about, firms=())


def township_check(count: int = 8) -> TownshipCheckContent:
    signatures = [
        CheckSignature("经办", "蔡文婷", "乡镇经办人", "村级核实意见齐全，抽查12人相符。", date(2025, 10, 20)),
        CheckSignature("负责人", "苏国平", "乡镇分管领导", "同意。", date(2025, 10, 21)),
    ]
    given: dict = ABOUT | {"organ": "东园镇", "round": 1, "lines": checked(count, True), "signatures": signatures}
    return TownshipCheckContent(**given)


def all_lists() -> dict[str, object]:
    return {
        "roster-agency": roster(),
        "roster-individual": roster("individual", 5, 1),
        "roster-platform": roster("platform"),
        "roster-ambassador": roster("ambassador", 10),
        "summary": summary(),
        "village-check": village_check(),
        "village-check-title": village_check_of_a_title(),
        "township-check": township_check(),
    }
