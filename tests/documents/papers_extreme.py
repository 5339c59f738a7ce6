"""Every kind of paper at its worst: the longest texts the desk accepts, rare names, empty fields, many lines.

Lengths are those of the fields: 50 signs a name of a person, 120 a firm and a bank, 500 an opinion, 300 a note.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from documents.papers.approval import Citation, DeductionGroup, EmployerRow, Opinion, WorkerRow
from documents.papers.checks import CheckContent, CheckSignature
from documents.papers.content import Content
from documents.papers.correction import CorrectionContent, CorrectionItem
from documents.papers.deduction import DeductedLine, DeductionContent
from documents.papers.letters import Addressee, Reason
from documents.papers.payment import PaymentContent, PaymentRow
from documents.papers.publicity import PublicityContent, PublicityRow
from tests.documents import lists_made, papers_made

RARE = "𠮷野𡈽屋㛃䶮𬱖𫖯堃喆𠆲"  # Extensions A to E, as registers of residents hold them
LONG = ("阿卜杜热合曼·买买提艾力·" * 5)[:49] + "江"  # 50 signs
LATIN = "Maria Aparecida Nascimento dos Santos Silva Pereir"  # 50 signs, with places to break
JOINED = "Wolfeschlegelsteinhausenbergerdorffwelchevoralterns"[:50]  # 50 signs, without
PEOPLE = (RARE, LONG, LATIN, JOINED, "林〇")
FIRM = ("泉州台商投资区百崎湖畔智能装备制造与海峡两岸纺织鞋服新材料联合研究开发及技术服务" * 4)[:114] + "有限责任公司"
BANK = ("中国工商银行股份有限公司福建省泉州市泉州台商投资区百崎回族乡湖畔科技产业园" * 4)[:118] + "支行"
WORDS = (
    "经入户核实、到企业查看考勤与工资发放记录并电话联系本人，名单人员在岗，劳动合同与社保缴费记录相符；"
    "其中一人因家庭原因离岗未满三个月，建议核减，其余情况属实，同意上报。"
)
OPINION = (WORDS * 8)[:499] + "。"
NOTE = (WORDS * 5)[:299] + "。"
GREAT = 12_345_678_900  # fen: nine digits of yuan


def _people(count: int) -> list[WorkerRow]:
    return [
        WorkerRow(
            seq=n,
            name=PEOPLE[n % len(PEOPLE)],
            masked_id=papers_made.masked(n),
            employer=FIRM if n % 7 == 1 else papers_made.FIRMS[n % 3][0],
            hired_on=None if n % 5 == 0 else date(2025, 12, 31),
            outcome=f"核减：{NOTE[:80]}" if n % 6 == 0 else "支持",
            amount_fen=0 if n % 6 == 0 else 100_000,
        )
        for n in range(1, count + 1)
    ]


def approval(kind: str, count: int, opinion: str = OPINION) -> Content:
    usual = papers_made.approval(kind, 3)
    personal = kind in ("individual", "ambassador")
    claimant = replace(
        usual.claimant,
        name=LONG if personal else FIRM,
        legal_rep=JOINED if not personal else "",
        licence_no=("（闽）人服证字〔2022〕第0512000123号" * 3)[:60] if kind == "agency" else "",
        address=NOTE[:120] if kind == "agency" else "",
        masked_phone="" if personal else "139****2671",
        account_holder=LATIN if personal else FIRM,
        bank=BANK,
        platform_type="村基层就业服务平台" if kind == "platform" else "",
        employer=FIRM if kind == "individual" else "",
    )
    villages = [
        Opinion("village", f"张坂镇{FIRM[:12]}{n}村民委员会", RARE, "村主任", opinion, date(2025, 10, 14))
        for n in range(3)
    ]
    lines = _people(count) if kind != "ambassador" else []
    return replace(
        usual,
        claimant=claimant,
        employers=[EmployerRow(FIRM, "91350521MA2XA1B23C", "百崎回族乡", 123) for _ in range(6)],
        filed_count=count,
        live_count=count,
        total_fen=GREAT,
        rate_fen=9_999_999,
        lines=lines,
        opinions=[replace(item, opinion=opinion) for item in papers_made.OPINIONS] + villages,
        citations=[Citation(f"R-{n:02d}", NOTE[:90], "泉台管办规〔2023〕3号 一（六）") for n in range(1, 16)],
        deductions=[DeductionGroup(NOTE[:60], 99) for _ in range(5)],
        attachments=[f"{NOTE[:40]}（{n}份）" for n in range(1, 12)],
        fund_name=FIRM[:80],
        allocation_no=("泉台财指〔2025〕118号" * 5)[:60],
        bonus_fen=GREAT if kind == "ambassador" else 0,
        note=NOTE,
    )


def roster(kind: str, count: int) -> Content:
    usual = lists_made.roster(kind, count)
    full = {
        "hukou": "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县米粮泉回族乡" * 2,
        "village": NOTE[:30],
        "employer": FIRM,
        "job": "自动化设备安装调试与售后维修高级技师",
        "insurance": "养老、医疗、失业、工伤、生育",
        "channel": NOTE[:40],
        "letter_no": "TJ-2025-104-000123-" * 3,
        "note": NOTE[:200],
        "payroll_months": "、".join(f"2025年{month}月" for month in range(1, 13)),
    }
    void = {name: "" for name in ("sex", "hukou", "in_zone", "village", "education", "masked_phone", "job", "signed")}
    lines = [
        replace(
            line,
            name=PEOPLE[n % len(PEOPLE)],
            **(full | ({"lender": FIRM} if kind == "platform" else {}) if n % 9 == 0 else void if n % 4 == 0 else {}),
        )
        for n, line in enumerate(usual.lines)
    ]
    return replace(usual, claimant=LONG if kind == "ambassador" else FIRM, lines=lines)


def summary(count: int) -> Content:
    usual = lists_made.summary(count)
    rows = [
        replace(
            row,
            claimant=FIRM if n % 5 == 0 else PEOPLE[n % len(PEOPLE)],
            townships=["洛阳镇", "东园镇", "张坂镇", "百崎回族乡"] if n % 3 == 0 else [],
            employers=[FIRM] * 3 if n % 5 == 1 else [papers_made.FIRMS[n % 3][0]] if n % 2 else [],
            filed_count=9_999,
            live_count=9_954,
            deducted_count=45,
            reasons=NOTE[:150] if n % 4 == 0 else "",
            rate_fen=9_999_999,
            amount_fen=GREAT,
            note=NOTE[:60] if n % 7 == 0 else "",
        )
        for n, row in enumerate(usual.rows)
    ]
    return replace(usual, rows=rows, occasion=f"公示 GS-2025-03、{NOTE[:40]}", made_by=LONG)


def check(usual: CheckContent, township: bool) -> Content:
    lines = [
        replace(
            line,
            name=PEOPLE[n % len(PEOPLE)],
            employer=FIRM if n % 5 == 0 else line.employer,
            why=NOTE if n % 8 == 2 else "",
            outcome="deducted" if n % 8 == 2 else "true",
            before=f"{FIRM[:30]}村委会：退回补正" if township and n % 3 == 0 else line.before,
        )
        for n, line in enumerate(usual.lines)
    ]
    signatures = [CheckSignature(duty, LONG, FIRM[:30], OPINION, date(2025, 12, 31)) for duty in ("经办", "负责人")]
    return replace(
        usual, claimant=FIRM, organ=FIRM[:40], firms=[FIRM] * 6, lines=lines, signatures=signatures, round=12
    )


def publicity(count: int) -> PublicityContent:
    rows = [
        PublicityRow(
            seq=n,
            recipient=FIRM if n % 5 == 0 else PEOPLE[n % len(PEOPLE)],
            kind_label="机构引进",
            employers=[FIRM] * 4 if n % 7 == 0 else [papers_made.FIRMS[n % 3][0]] if n % 2 else [],
            headcount=9_999,
            rate_fen=9_999_999,
            amount_fen=GREAT,
            personal=False,
        )
        for n in range(1, count + 1)
    ]
    office = {"office": FIRM, "address": FIRM, "email": f"{JOINED}@example.org".lower()}
    return replace(papers_made.publicity(), rows=rows, **office)


def payment(count: int) -> PaymentContent:
    rows = [
        PaymentRow(
            seq=n,
            claim_number=f"YG-2025-104-{n:06d}",
            payee=FIRM if n % 5 == 0 else PEOPLE[n % len(PEOPLE)],
            bank=BANK if n % 3 == 0 else "中国银行",
            account="9" * 32 if n % 4 == 0 else "6" * 19,
            amount_fen=GREAT,
            purpose=FIRM[:40] if n % 6 == 0 else "",
        )
        for n in range(1, count + 1)
    ]
    usual = papers_made.payment()
    signed = [replace(one, who=LONG, opinion=NOTE) for one in usual.signatures[:1] + usual.signatures[3:]]
    return replace(
        usual, rows=rows, count=count, total_fen=GREAT * count, signatures=signed, note=NOTE, purpose=FIRM,
        fund_name=FIRM[:80], allocation_no=("泉台财指〔2025〕118号" * 5)[:60], functional_code="2" * 20,
        economic_code="5" * 20, scheme_labels=["qtz-2023-3/1", "qtz-2025-12/4"] * 3,
    )  # fmt: skip


TO: Sequence[Addressee] = (Addressee(FIRM, personal=False), Addressee(LONG, personal=True))


def refusal() -> Content:
    reasons = [Reason(NOTE, "《人力资源市场暂行条例》第十八条")] * 3 + [Reason(OPINION)] + [Reason(WORDS)] * 8
    return replace(papers_made.refusal(), to=TO[0], reasons=reasons)


def deduction(count: int) -> DeductionContent:
    why = (NOTE[:60], NOTE, "稳定就业不满3个月")
    lines = [
        DeductedLine(n, PEOPLE[n % len(PEOPLE)], papers_made.masked(n), why[n % 3], "本区默认口径 A9" * (n % 2))
        for n in range(1, count + 1)
    ]
    return replace(papers_made.deduction(), to=TO[1], lines=lines, approved_fen=GREAT, filed_count=12_345)


def correction(count: int) -> CorrectionContent:
    items = [
        CorrectionItem(f"第{n}行 {PEOPLE[n % len(PEOPLE)]}", NOTE if n % 3 else JOINED) for n in range(1, count + 1)
    ]
    return replace(papers_made.correction(), to=TO[0], items=items, note=OPINION, provisional=True)


def certificate(name: str) -> Content:
    return replace(papers_made.certificate("bronze", name, FIRM), headcount=12_345)


def extremes(count: int) -> dict[str, Content]:
    """Name → content of every kind; lists have `count` lines."""
    kinds = ("agency", "individual", "platform", "ambassador")
    return {
        **{f"approval-{kind}": approval(kind, count) for kind in kinds},
        **{f"roster-{kind}": roster(kind, count) for kind in kinds},
        "summary": summary(count),
        "village-check": check(lists_made.village_check(count), township=False),
        "township-check": check(lists_made.township_check(count), township=True),
        "publicity": publicity(count),
        "payment": payment(count),
        "refusal": refusal(),
        "deduction": deduction(count),
        "correction": correction(count // 5),
        "certificate-long": certificate(LONG),
        "certificate-joined": certificate(JOINED),
        "certificate-rare": certificate(RARE),
    }
