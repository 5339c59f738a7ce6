"""Content of every kind of paper as offices would fill it in; all people, firms and numbers are invented."""

from datetime import date

from documents.papers.approval import (
    ApprovalContent,
    Citation,
    ClaimantBlock,
    DeductionGroup,
    EmployerRow,
    Opinion,
    WorkerRow,
)
from documents.papers.certificate import CertificateContent
from documents.papers.correction import CorrectionContent, CorrectionItem
from documents.papers.deduction import DeductedLine, DeductionContent
from documents.papers.letters import Addressee, Reason
from documents.papers.objection import ObjectionContent
from documents.papers.payment import PaymentContent, PaymentRow, Signature
from documents.papers.publicity import PublicityContent, PublicityRow
from documents.papers.refusal import RefusalContent

SCHEME = {
    "scheme_label": "qtz-2023-3/1",
    "doc_no": "泉台管办规〔2023〕3号",
}
TITLED = SCHEME | {"scheme_title": "泉州台商投资区促进农村劳动力就地就近就业若干措施"}
NAMES = ("陈志强", "黄美玲", "林〇", "阿卜杜拉·买买提", "㛃小燕", "吴𬱖", "欧阳䶮", "郑𫖯明", "Nguyen Van An", "𠆲川")
FIRMS = (
    ("泉州玉蝶纺织科技有限公司", "91350521MA2XA1B23C", "张坂镇"),
    ("福建海丰鞋业股份有限公司", "91350521MA2YB4D56E", "东园镇"),
    ("泉州台商投资区百崎湖畔智能装备制造有限责任公司", "91350521MA31C7F89G", "百崎回族乡"),
)
BUREAU = "泉州台商投资区管理委员会民生保障局"


def masked(seq: int) -> str:
    return f"350***********{seq % 10000:04d}"


def workers(count: int, rate_fen: int = 100_000, deducted: int = 2) -> list[WorkerRow]:
    """`count` lines, the last `deducted` of them taken off."""
    return [
        WorkerRow(
            seq=n,
            name=NAMES[n % len(NAMES)],
            masked_id=masked(n),
            employer=FIRMS[n % len(FIRMS)][0],
            hired_on=date(2025, 3 + n % 5, 1 + n % 28),
            outcome="支持" if n <= count - deducted else "核减：稳定就业不满3个月",
            amount_fen=rate_fen if n <= count - deducted else 0,
        )
        for n in range(1, count + 1)
    ]


OPINIONS = (
    Opinion(
        "village",
        "张坂镇玉埕村村民委员会",
        "王建国",
        "村经办人",
        "经入户及到企业核实，名单人员在岗，情况属实。",
        date(2025, 10, 13),
    ),
    Opinion("village", "张坂镇玉埕村村民委员会", "王海涛", "村主任", "情况属实，同意上报。", date(2025, 10, 14)),
    Opinion(
        "village", "东园镇琅山村村民委员会", "李秀英", "村经办人", "已电话及现场核对，情况属实。", date(2025, 10, 13)
    ),
    Opinion("village", "东园镇琅山村村民委员会", "李明辉", "村主任", "同意上报。", date(2025, 10, 15)),
    Opinion(
        "township", "张坂镇人民政府", "蔡文婷", "乡镇经办人", "村级核实意见齐全，抽查12人相符。", date(2025, 10, 20)
    ),
    Opinion("township", "张坂镇人民政府", "苏国平", "乡镇分管领导", "同意。", date(2025, 10, 21)),
    Opinion(
        "bureau_handler",
        BUREAU,
        "庄晓雯",
        "劳动保障科经办",
        "经核对社保缴费与劳动合同，核减2人，其余符合条件，建议支持。",
        date(2025, 11, 3),
    ),
    Opinion("section_head", BUREAU, "许志远", "劳动保障科负责人", "同意经办意见，提请公示。", date(2025, 11, 5)),
    Opinion("bureau_leader", BUREAU, "曾立群", "分管局领导", "公示期满无异议，同意拨付。", date(2025, 11, 24)),
)


def approval(
    kind: str = "agency", count: int = 30, claimant: str = "", lines: list[WorkerRow] | None = None
) -> ApprovalContent:
    rows = (
        workers(count, 100_000 if kind == "agency" else 50_000)
        if lines is None and kind != "ambassador"
        else lines or []
    )
    live = [row for row in rows if row.amount_fen]
    rate = 100_000 if kind == "agency" else 50_000
    blocks = {
        "agency": ClaimantBlock(
            name=claimant or "泉州海丝人力资源服务有限公司",
            uscc="91350521MA2ZD1H23J",
            legal_rep="郭振华",
            licence_no="（闽）人服证字〔2022〕第0512000123号",
            licence_until=date(2027, 6, 30),
            address="泉州台商投资区东园镇阳光西路88号",
            masked_phone="139****2671",
            account_holder=claimant or "泉州海丝人力资源服务有限公司",
            bank="中国工商银行股份有限公司泉州台商投资区支行",
            masked_account="****6613",
        ),
        "platform": ClaimantBlock(
            name=claimant or "泉州台商投资区纺织鞋服行业协会",
            uscc="51350521MJC012345X",
            legal_rep="洪金枝",
            platform_type="行业协会",
            platform_level="区级",
            masked_phone="138****5520",
            account_holder=claimant or "泉州台商投资区纺织鞋服行业协会",
            bank="福建海峡银行股份有限公司泉州台商支行",
            masked_account="****0418",
        ),
    }
    person = ClaimantBlock(
        name=claimant or "陈志强",
        masked_id="350***********0013",
        employer=FIRMS[0][0],
        masked_phone="137****9082",
        account_holder=claimant or "陈志强",
        bank="中国建设银行股份有限公司泉州张坂支行",
        masked_account="****7725",
    )
    counted = 32 if kind == "ambassador" else len(live)
    return ApprovalContent(
        kind=kind,
        kind_label={"agency": "机构引进", "individual": "个人引进", "platform": "用工调剂", "ambassador": "引工大使"}[
            kind
        ],
        claim_number="YG-2025-104-000123",
        filed_on=date(2025, 9, 29),
        claimant=blocks.get(kind, person),
        employers=[EmployerRow(*firm, heads=max(1, counted // 3)) for firm in (FIRMS if kind in blocks else FIRMS[:1])],
        filed_count=len(rows) or counted,
        live_count=counted,
        deducted_count=len(rows) - len(live),
        rate_fen=rate,
        total_fen=sum(row.amount_fen for row in live),
        hired_from=date(2025, 3, 2),
        hired_to=date(2025, 7, 28),
        opinions=OPINIONS[2:4] + OPINIONS[6:] if kind == "ambassador" else OPINIONS,
        citations=[
            Citation("标准", "招工引工奖补按人计发", "泉台管办规〔2023〕3号 一（六）"),
            Citation("R-09", "入职前6个月内未在该企业参保", "本区默认口径 A8"),
        ],
        deductions=[DeductionGroup("稳定就业不满3个月", 2)] if rows else [],
        lines=rows,
        attachments=["申请表", "花名册", "劳动合同（30份）", "社保缴费证明", "银行账户证明", "承诺书"],
        fund_name="区就业补助资金",
        allocation_no="泉台财指〔2025〕118号",
        tier="金牌" if kind == "ambassador" else "",
        count_year=2025 if kind == "ambassador" else None,
        **TITLED,
    )


def publicity(rows: int = 6) -> PublicityContent:
    who = [
        ("泉州海丝人力资源服务有限公司", "机构引进", 28, 100_000, False),
        ("陈志强", "个人引进", 6, 50_000, True),
        ("泉州台商投资区纺织鞋服行业协会", "用工调剂", 45, 50_000, False),
        ("阿卜杜拉·买买提", "个人引进", 3, 50_000, True),
        ("吴𬱖", "引工大使", 32, 0, True),
    ]
    made = []
    for n in range(rows):
        name, label, heads, rate, personal = who[n % len(who)]
        firms = [firm[0] for firm in (FIRMS if not personal else FIRMS[:1])]
        made.append(PublicityRow(n + 1, name, label, firms, heads, rate, heads * rate, personal))
    return PublicityContent(
        opens_on=date(2025, 11, 6),
        closes_on=date(2025, 11, 13),
        rows=made,
        working_days=5,
        office=f"{BUREAU}劳动保障科",
        phone="0595-27390571",
        address="福建省泉州台商投资区行政办公大楼",
        **SCHEME,
    )


def certificate(tier: str = "gold", name: str = "陈志强", employer: str = FIRMS[0][0]) -> CertificateContent:
    return CertificateContent(
        name=name, tier=tier, year=2025, employer=employer, headcount=32, awarded_on=date(2025, 11, 24), **SCHEME
    )


def payment(count: int = 8) -> PaymentContent:
    rows = [
        PaymentRow(
            seq=n,
            claim_number=f"YG-2025-104-{n:06d}",
            payee="泉州海丝人力资源服务有限公司" if n % 2 else "福建众诚人力资源有限公司泉州台商投资区分公司",
            bank="中国工商银行股份有限公司泉州台商投资区支行",
            account=f"14080101090{n:08d}",
            amount_fen=2_800_000,
            purpose="机构引工奖补",
        )
        for n in range(1, count + 1)
    ]
    return PaymentContent(
        batch_number="BF-2025-007",
        fund_name="区就业补助资金",
        allocation_no="泉台财指〔2025〕118号",
        functional_code="2080799 其他就业补助支出",
        economic_code="50402 费用补贴",
        channel="对公",
        rows=rows,
        count=count,
        total_fen=2_800_000 * count,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        signatures=[
            Signature("经办", "庄晓雯", date(2025, 11, 24)),
            Signature("科室负责人", "许志远", date(2025, 11, 24)),
            Signature("分管领导", "曾立群", date(2025, 11, 24)),
            Signature("财政经办", "方玉兰", date(2025, 11, 25), "已核对账户"),
            Signature("财政复核", "戴志明", date(2025, 11, 25), "复核无误"),
            Signature("财政批准", "潘国栋", date(2025, 11, 26), "同意拨付"),
        ],
        purpose="机构引进劳动力奖补资金",
        scheme_labels=["qtz-2023-3/1"],
    )


TO = Addressee("泉州海丝人力资源服务有限公司", personal=False)
ABOUT = {"to": TO, "claim_number": "YG-2025-104-000123", "kind_label": "机构引进", "filed_on": date(2025, 9, 29)}


def refusal() -> RefusalContent:
    reasons = [
        Reason(
            "申报时人力资源服务许可证已于2025年1月31日到期，不具备职业中介资格。", "《人力资源市场暂行条例》第十八条"
        ),
        Reason("所附引进证明与用工企业确认的招聘渠道不一致，无法证明劳动力由你单位引进。"),
    ]
    return RefusalContent(**ABOUT, filed_count=30, reasons=reasons, **TITLED)


def deduction(count: int = 3) -> DeductionContent:
    why = (("稳定就业不满3个月", "本区默认口径 A9"), ("同一劳动者已由其他申报享受奖补", "本区默认口径 A13"))
    lines = [DeductedLine(n, NAMES[n % len(NAMES)], masked(n), *why[n % 2]) for n in range(1, count + 1)]
    return DeductionContent(
        **ABOUT, filed_count=count + 27, live_count=27, approved_fen=2_700_000, lines=lines, **TITLED
    )


def correction() -> CorrectionContent:
    items = [
        CorrectionItem("第3行 林*", "劳动合同缺最后一页，请补充有双方签章的完整合同。"),
        CorrectionItem("社保缴费证明", "证明未显示参保起始年月，请重新开具。"),
    ]
    return CorrectionContent(
        **ABOUT, organ="劳动保障科", items=items, due_on=date(2025, 10, 17), note="材料不齐，请按下表补正。", **TITLED
    )


def answer(upheld: bool = False) -> ObjectionContent:
    about = {"objection_number": "YY-2025-003", "notice_number": "GS-2025-03", "received_on": date(2025, 11, 10)}
    return ObjectionContent(
        **about,
        to=Addressee("林〇", personal=True),
        recipient=TO.name,
        kind_label="机构引进",
        upheld=upheld,
        findings="经上门和电话核实，该员工自七月起在岗，考勤和工资发放记录完整。",
        reasons="所反映的情况与核查结果不符。",
        **TITLED,
    )


def all_kinds() -> dict[str, object]:
    from tests.documents.lists_made import all_lists  # which are made of the people of this module
    from tests.documents.recovery_made import recovery

    return all_lists() | {
        "approval-agency": approval(),
        "approval-individual": approval("individual", 6),
        "approval-platform": approval("platform", 12),
        "approval-ambassador": approval("ambassador"),
        "publicity": publicity(),
        "certificate-gold": certificate(),
        "certificate-silver": certificate("silver", "阿卜杜拉·买买提", FIRMS[2][0]),
        "certificate-bronze": certificate("bronze", "吴𬱖"),
        "payment": payment(),
        "refusal": refusal(),
        "deduction": deduction(),
        "correction": correction(),
        "recovery": recovery(),
        "recovery-instalments": recovery(12, 3),
        "answer-dismissed": answer(),
        "answer-upheld": answer(upheld=True),
    }
