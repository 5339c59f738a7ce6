"""Officials' own example cases: what is claimed, which rules speak, what is paid. One row a case."""
# long: a table, a row for each thing an official would ask

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from policy.facts import ClaimFacts, EmployerFacts, Insured, Listed
from tests.policy.examples import (
    FACTORY,
    FILED,
    LENDER,
    agency,
    ambassador,
    counted,
    individual,
    lent,
    other,
    platform,
    worker,
)  # fmt: skip

D = date


@dataclass(frozen=True)
class Case:
    """`codes`: every rule that fires on the first line or the claim. `yuan`: the total. `terms`: changed parameters."""

    what: str
    claim: ClaimFacts
    codes: set[str]
    outcome: str
    yuan: int
    terms: dict[str, Any] = field(default_factory=dict)


def one(what: str, codes: set[str], outcome: str, yuan: int, *, terms: dict | None = None, claimant: dict | None = None,
        filed: date = FILED, **line: Any) -> Case:  # fmt: skip
    """An agency's claim for one worker, with this about him or it changed."""
    claim = agency(worker(**line), claimant=claimant, filed_on=filed)
    return Case(what, claim, codes, outcome, yuan, terms or {})


def person(what: str, codes: set[str], outcome: str, yuan: int, *, terms: dict | None = None,
           claimant: dict | None = None, **line: Any) -> Case:  # fmt: skip
    """A person's claim for one worker."""
    return Case(what, individual(worker(**line), claimant=claimant), codes, outcome, yuan, terms or {})


def pool(what: str, codes: set[str], outcome: str, yuan: int, *, heads: int = 12, claimant: dict | None = None,
         terms: dict | None = None, **line: Any) -> Case:  # fmt: skip
    """A platform's claim for twelve lent workers, with this about the first changed."""
    lines = (lent(0, **line), *(lent(n) for n in range(1, heads)))
    return Case(what, platform(*lines, claimant=claimant), codes, outcome, yuan, terms or {})


def title(what: str, claim: ClaimFacts, codes: set[str], yuan: int = 0, **terms: Any) -> Case:
    """An ambassador's claim."""
    return Case(what, claim, codes, "", yuan, terms)


def factory(**changes: Any) -> EmployerFacts:
    """The usual employer with something changed."""
    return replace(FACTORY, **changes)


LENT_BEFORE = other(kind="platform", slot="pool:1:2025", status="paid", on=D(2025, 1, 6), employer_uscc=FACTORY.uscc)

REFERRED = [
    one("机构引进一人，材料齐全", set(), "pay", 1000),
    person("个人引进一人，材料齐全", set(), "pay", 500),
    one("证件号码校验码不对", {"id_invalid"}, "refuse", 0, id_fault="校验码不对", person=None),
    one("没有证件号码", {"person_missing"}, "refuse", 0, person=None),
    one("企业信用代码不对", {"employer_code_invalid"}, "refuse", 0, employer=factory(uscc_fault="校验码不对")),
    one("机构信用代码不对", {"claimant_code_invalid"}, "refuse", 0, claimant={"uscc_fault": "应为18位"}),
    one("入职时差一天满16周岁", {"under_age"}, "refuse", 0, birth=D(2009, 6, 3)),
    one("入职当天满16周岁", set(), "pay", 1000, birth=D(2009, 6, 2)),
    one("持护照，证件上没有出生日期", {"birth_unknown"}, "review", 1000, birth=None, sex=""),
    one("男，入职前一天还未满60周岁", set(), "pay", 1000, birth=D(1965, 6, 3)),
    one("男，入职当天满60周岁", {"over_notice_age"}, "review", 1000, birth=D(1965, 6, 2)),
    one("女，入职时满55周岁", {"over_notice_age"}, "review", 1000, birth=D(1970, 6, 2), sex="female"),
    one("不设年龄上限，男70周岁", set(), "pay", 1000, birth=D(1955, 6, 2),
        terms={"eligibility__worker_upper_age_rule": "none"}),
    one("按延迟退休：男1965年3月生，60周岁零1个月退休，入职在后", {"over_pension_age"}, "review", 1000,
        birth=D(1965, 3, 2), terms={"eligibility__worker_upper_age_rule": "statutory_progressive"}),
    one("按延迟退休：男1965年5月生，60周岁零2个月退休，入职在前", set(), "pay", 1000,
        birth=D(1965, 5, 2), terms={"eligibility__worker_upper_age_rule": "statutory_progressive"}),
    one("没有入职日期", {"hire_date_missing"}, "refuse", 0, hire_date=None),
    one("施行前一天入职", {"before_policy", "filed_late"}, "refuse", 0, hire_date=D(2023, 2, 8)),
    one("施行当天入职，三个月后申报", set(), "pay", 1000, hire_date=D(2023, 2, 9), filed=D(2023, 5, 9)),
    one("到期当天入职，次年申报", set(), "pay", 1000, hire_date=D(2025, 12, 31), filed=D(2026, 3, 31),
        claimant={"licence_to": None}),
    one("到期次日入职", {"after_policy"}, "refuse", 0, hire_date=D(2026, 1, 1), filed=D(2026, 4, 1)),
    one("按符合条件日判断有效期，10月1日入职", {"after_policy"}, "refuse", 0, hire_date=D(2025, 10, 1),
        filed=D(2026, 1, 5), terms={"policy__expiry_applies_to": "qualifying_date"}),
    one("按申报日判断有效期，2026年申报", {"after_policy"}, "refuse", 0, filed=D(2026, 1, 1),
        terms={"policy__expiry_applies_to": "filing_date"}),
    one("差一天满三个月", {"stable_not_reached"}, "refuse", 0, filed=D(2025, 9, 1)),
    one("当天满三个月", set(), "pay", 1000, filed=D(2025, 9, 2)),
    one("11月30日入职，到2月最后一天满三个月", set(), "pay", 1000, hire_date=D(2024, 11, 30), filed=D(2025, 2, 28)),
    one("符合条件后第365天申报", set(), "pay", 1000, filed=D(2026, 9, 2), claimant={"licence_to": None}),
    one("符合条件后第366天申报", {"filed_late"}, "refuse", 0, filed=D(2026, 9, 3)),
    one("另设截止日，截止日当天申报", set(), "pay", 1000, terms={"policy__tail_filing_deadline": FILED}),
    one("另设截止日，次日申报", {"tail_deadline_passed"}, "refuse", 0,
        terms={"policy__tail_filing_deadline": D(2025, 11, 23)}),
    one("按月受理，11月申报", {"outside_filing_months"}, "refuse", 0, terms={"filing_window__mode": "months"}),
    one("按月受理，12月申报", set(), "pay", 1000, filed=D(2025, 12, 1), terms={"filing_window__mode": "months"}),
    one("申报时已离职", {"left_job"}, "refuse", 0, still_employed=False),
    one("没写是否在岗，由村里核实", {"still_employed_unknown"}, "pay", 1000, still_employed=None),
    one("没写合同起始日期", {"contract_missing"}, "refuse", 0, contract_from=None, contract_to=None),
    one("合同差一天满一年", {"contract_short"}, "refuse", 0, contract_to=D(2026, 5, 31)),
    one("无固定期限合同", set(), "pay", 1000, contract_to=None),
    one("只参加医疗保险", {"insurance_missing"}, "refuse", 0, insurance=frozenset({"医疗"})),
    one("只参加工伤保险", set(), "pay", 1000, insurance=frozenset({"工伤"})),
    one("缴费两个月", {"insured_short"}, "refuse", 0, insured_months=2),
    one("缴费三个月", set(), "pay", 1000, insured_months=3),
    one("没写缴费月数", {"insured_months_unknown"}, "review", 1000, insured_months=None),
    one("合同后一个月参保", set(), "pay", 1000, insured_from=D(2025, 7, 2)),
    one("合同后一个月零一天参保", {"insurance_start_apart"}, "review", 1000, insured_from=D(2025, 7, 3)),
    one("入职前半年内在区内参保", {"insured_before"}, "review", 1000, insured_in_zone_before=True),
    one("只奖区外来的，员工是本区户籍", {"origin_not_eligible"}, "refuse", 0, origin_in_zone=True,
        terms={"eligibility__worker_origin_rule": "outside_zone"}),
    one("只奖区外来的，户籍没填", {"origin_unknown"}, "review", 1000, terms={"eligibility__worker_origin_rule": "outside_zone"}),
    one("只奖农村户籍，员工是城镇户籍", {"origin_not_eligible"}, "refuse", 0, rural_hukou=False,
        terms={"eligibility__worker_origin_rule": "rural_hukou"}),
    one("不限来源地，本区户籍", set(), "pay", 1000, origin_in_zone=True),
]  # fmt: skip

STOPPED = EmployerFacts(
    name=FACTORY.name, uscc=FACTORY.uscc, in_zone=True, legal_representative="boss", stopped_after_approval=5,
    approved_before=12,
)  # fmt: skip
COMPARED = [
    one("入职前已死亡", {"worker_deceased"}, "refuse", 0, listed=(Listed(kind="deceased", since=D(2025, 1, 3)),)),
    one("没写死亡日期", {"worker_deceased"}, "refuse", 0, listed=(Listed(kind="deceased"),)),
    one("满三个月之后死亡，已符合条件", set(), "pay", 1000, listed=(Listed(kind="deceased", since=D(2025, 9, 2)),)),
    one("满三个月前一天死亡", {"worker_deceased"}, "refuse", 0, listed=(Listed(kind="deceased", since=D(2025, 9, 1)),)),
    one("正在服刑", {"worker_in_prison"}, "refuse", 0, listed=(Listed(kind="in_prison", since=D(2024, 5, 1)),)),
    one("入职前一天刑满", set(), "pay", 1000,
        listed=(Listed(kind="in_prison", since=D(2024, 5, 1), until=D(2025, 6, 1)),)),
    one("在校学生暑期工", {"worker_student"}, "review", 1000, listed=(Listed(kind="student", since=D(2023, 9, 1)),)),
    one("入职前已毕业", set(), "pay", 1000, listed=(Listed(kind="student", until=D(2025, 6, 1)),)),
    one("已领取养老金", {"worker_pensioner"}, "review", 1000, listed=(Listed(kind="pensioner"),)),
    one("员工是财政供养人员", {"worker_public_payroll"}, "review", 1000, listed=(Listed(kind="public_payroll"),)),
    one("员工已入伍", {"worker_drafted"}, "review", 1000, listed=(Listed(kind="drafted", since=D(2025, 9, 1)),)),
    one("没有入职日期，又在死亡名单中", {"hire_date_missing", "worker_deceased"}, "refuse", 0, hire_date=None,
        listed=(Listed(kind="deceased"),)),
    one("参保两个月就停保", {"insured_then_stopped"}, "review", 1000,
        insured=(Insured(employer_uscc=FACTORY.uscc, since=D(2025, 6, 1), until=D(2025, 7, 31), same_group=True),)),
    one("参保三个月后停保", set(), "pay", 1000,
        insured=(Insured(employer_uscc=FACTORY.uscc, since=D(2025, 6, 1), until=D(2025, 8, 31), same_group=True),)),
    one("企业核准过的12人中5人很快停保", {"mass_stop"}, "review", 1000, employer=STOPPED),
    one("企业核准过的12人中4人很快停保", set(), "pay", 1000, employer=replace(STOPPED, stopped_after_approval=4)),
    one("社保数据显示入职前两个月在区内别家参保", {"insured_before"}, "review", 1000,
        insured=(Insured(employer_uscc="别家", since=D(2024, 6, 1), until=D(2025, 3, 31)),)),
    one("社保数据显示入职前七个月已停保", set(), "pay", 1000,
        insured=(Insured(employer_uscc="别家", since=D(2023, 6, 1), until=D(2024, 11, 30)),)),
    one("从同一企业停保两个月后又入职", {"rehired_in_group", "insured_before"}, "review", 1000,
        insured=(Insured(employer_uscc="集团", since=D(2024, 1, 1), until=D(2025, 3, 31), same_group=True),)),
    one("从同一企业停保180天后又入职", {"insured_before"}, "review", 1000,
        insured=(Insured(employer_uscc="集团", since=D(2024, 1, 1), until=D(2024, 12, 4), same_group=True),)),
    one("超期申报，分管领导已批准例外", {"filed_late"}, "review", 1000, filed=D(2026, 9, 3),
        claimant={"licence_to": None}, waived=frozenset({"filed_late"})),
    one("离职不能批准例外", {"left_job"}, "refuse", 0, still_employed=False, waived=frozenset({"left_job"})),
    Case("个人申报10人，刚到铜牌", individual(*map(worker, range(10))), {"round_headcount"}, "pay", 5000),
    Case("个人申报12人", individual(*map(worker, range(12))), set(), "pay", 6000),
]  # fmt: skip

PARTIES = [
    one("企业不在区内", {"employer_outside_zone"}, "refuse", 0, employer=factory(in_zone=False)),
    one("企业不在登记名册", {"employer_not_registered"}, "review", 1000, employer=factory(in_zone=None)),
    one("企业不限区内", set(), "pay", 1000, employer=factory(in_zone=False),
        terms={"eligibility__employer_must_be_in_zone": "any"}),
    one("企业是劳务派遣公司", {"employer_is_dispatch"}, "refuse", 0, employer=factory(is_dispatch=True)),
    one("用工单位是事业单位", {"employer_is_public"}, "refuse", 0, employer=factory(is_public_body=True)),
    one("派遣员工", {"dispatch_worker"}, "refuse", 0, is_dispatch_worker=True),
    one("机构没有许可证", {"licence_missing"}, "refuse", 0, claimant={"licence_from": None}),
    one("许可证入职前一天到期", {"licence_expired"}, "refuse", 0, claimant={"licence_to": D(2025, 6, 1)}),
    one("许可证入职当天到期", set(), "pay", 1000, claimant={"licence_to": D(2025, 6, 2)}),
    one("许可证入职当天生效", set(), "pay", 1000, claimant={"licence_from": D(2025, 6, 2)}),
    one("许可证入职次日才生效", {"licence_expired"}, "refuse", 0, claimant={"licence_from": D(2025, 6, 3)}),
    one("机构就是用工企业", {"self_employer"}, "refuse", 0, claimant={"uscc": FACTORY.uscc}),
    one("机构与企业同一法定代表人", {"same_representative"}, "refuse", 0, claimant={"legal_representative": "boss"}),
    person("自己引进自己", {"self_referral"}, "refuse", 0, person="me"),
    person("申请人是企业法定代表人", {"claimant_runs_employer"}, "review", 500, claimant={"person": "boss"}),
    person("申请人是企业人事", {"claimant_runs_employer"}, "review", 500,
           claimant={"employer_hr_of": frozenset({FACTORY.uscc})}),
    person("申请人是别家企业人事", set(), "pay", 500, claimant={"employer_hr_of": frozenset({"别家"})}),
    person("申请人是财政供养人员", {"claimant_public_payroll"}, "review", 500, claimant={"public_payroll": True}),
    one("机构不在区内", {"claimant_outside_zone"}, "refuse", 0, claimant={"in_zone": False}),
    person("个人户籍在区外，但在区内企业上班", set(), "pay", 500, claimant={"in_zone": False}),
    person("个人户籍在区外，也不在区内上班", {"claimant_outside_zone"}, "refuse", 0,
           claimant={"in_zone": False, "employed_at": frozenset()}),
    one("没有机构在区内的记录", {"claimant_zone_unknown"}, "review", 1000, claimant={"in_zone": None}),
    one("机构失信", {"claimant_blacklisted"}, "review", 1000, claimant={"blacklisted": True}),
    one("机构以前有两人因材料不实被核减", {"claimed_falsely_before"}, "review", 1000, claimant={"false_before": 2}),
    one("用工企业失信", {"employer_blacklisted"}, "review", 1000, employer=factory(blacklisted=True)),
    one("员工失信", {"worker_blacklisted"}, "review", 1000, listed=(Listed(kind="blacklist"),)),
    one("两人同一电话", set(), "pay", 1000, phone_shared_by=2),
    one("三人同一电话", {"phone_shared"}, "review", 1000, phone_shared_by=3),
    one("两人同一电话，分属两家机构", {"phone_across_claimants"}, "review", 1000, phone_shared_by=2, phone_claimants=2),
    person("员工电话就是申请人的", {"phone_of_claimant"}, "review", 500, phone_of_claimant=True),
    one("机构账号就是用工企业账号", {"same_account"}, "refuse", 0,
        claimant={"shares": frozenset({("account", FACTORY.uscc)})}),
    one("机构与用工企业同一地址", {"same_address"}, "review", 1000,
        claimant={"shares": frozenset({("address", FACTORY.uscc)})}),
    one("机构与别家企业同一地址", set(), "pay", 1000, claimant={"shares": frozenset({("address", "别家")})}),
    one("两家机构共用收款账号", {"account_shared"}, "pay", 1000, claimant={"account_shared_by": 2}),
    one("两家机构登记在同一地址", {"address_shared"}, "pay", 1000, claimant={"address_shared_by": 2}),
    one("户名不是本机构", {"account_holder_differs"}, "refuse", 0, claimant={"account_holder": "别家公司"}),
    one("户名就是本机构", set(), "pay", 1000, claimant={"account_holder": "泉台人力资源有限公司"}),
    one("另一人证件顺序码只差2", {"id_numbers_close"}, "review", 1000, id_distance=2),
    one("另一人证件顺序码差3", set(), "pay", 1000, id_distance=3),
    one("劳动合同与别人是同一扫描件", {"same_file"}, "review", 1000, same_files=1),
    one("缺劳动合同", {"evidence_required"}, "pay", 1000, evidence=frozenset({"hr_licence", "insurance_proof"})),
    Case("一人缺劳动合同，另一人有", agency(worker(0, evidence=frozenset({"hr_licence", "insurance_proof"})), worker(1)),
         {"evidence_required"}, "review", 2000),
    Case("名单为空", agency(), {"no_lines", "evidence_required"}, "", 0),
    Case("三人申报，企业只有两人参保",
         agency(*(worker(n, employer=factory(insured_headcount=2)) for n in range(3))), {"more_than_insured"}, "pay", 3000),
    Case("同日入职29人", agency(*map(worker, range(29))), set(), "pay", 29000),
    Case("同日入职30人", agency(*map(worker, range(30))), {"hired_in_a_burst"}, "pay", 30000),
    Case("上限2000元，申报三人，第一人全额", agency(*map(worker, range(3))), set(), "pay", 2000,
         {"caps_yuan__agency_per_year": 2000}),
    Case("上限2000元，已发1500元", agency(worker(), claimant={"paid_this_year_fen": 150000}), {"cap_cut"}, "pay", 500,
         {"caps_yuan__agency_per_year": 2000}),
    Case("上限2000元，已发2000元", agency(worker(), claimant={"paid_this_year_fen": 200000}), {"cap_used_up"}, "refuse", 0,
         {"caps_yuan__agency_per_year": 2000}),
    Case("上限50000元，只申报一人，不因上限多发", agency(worker()), set(), "pay", 1000,
         {"caps_yuan__agency_per_year": 50000}),
]  # fmt: skip

TWICE = [
    one("已由另一机构获奖补", {"paid_already"}, "refuse", 0, others=(other(),)),
    one("已支付的个人引进", {"paid_already"}, "refuse", 0, others=(other(kind="individual", status="paid"),)),
    one("另一证件、同名同生日的人获过奖补", {"paid_other_document"}, "review", 1000, others=(other(same_number=False),)),
    one("另一份在办申请中", {"open_elsewhere"}, "review", 1000, others=(other(status="open"),)),
    one("在以前的政策下获过奖补", set(), "pay", 1000, others=(other(slot="referral:old"),)),
    one("不限一次", set(), "pay", 1000, others=(other(),), terms={"duplicates__one_payment_per_worker_per_policy": False}),
    Case("同一申请填了两次，第二条不予支持", agency(worker(1), worker(0, person="p1")), {"twice_in_claim"}, "refuse", 1000),
    one("五个月前在同一企业被调剂过", {"pool_and_referral"}, "review", 1000, others=(LENT_BEFORE,)),
    one("五个月前被调剂到别的企业", set(), "pay", 1000, others=(replace(LENT_BEFORE, employer_uscc="别家"),)),
    one("整12个月前被调剂到同一企业", set(), "pay", 1000, others=(replace(LENT_BEFORE, on=D(2024, 6, 2)),)),
    one("差一天满12个月前被调剂到同一企业", {"pool_and_referral"}, "review", 1000,
        others=(replace(LENT_BEFORE, on=D(2024, 6, 3)),)),
]  # fmt: skip

LENDING = [
    pool("调剂十二人，两家企业", set(), "pay", 6000),
    pool("没写调出企业", {"lender_missing"}, "refuse", 5500, lender=None),
    pool("调出企业代码不对", {"lender_code_invalid"}, "refuse", 5500, lender=replace(LENDER, uscc_fault="校验码不对")),
    pool("调出调入是同一家", {"lent_to_itself"}, "refuse", 5500, lender=replace(LENDER, uscc=FACTORY.uscc)),
    pool("调出调入同一法定代表人", {"lent_within_group"}, "review", 6000, lender=replace(LENDER, legal_representative="boss")),
    pool("没写调剂结束日期", {"lending_end_missing"}, "refuse", 5500, lending_to=None),
    pool("调剂差一天满一个月", {"lending_short"}, "refuse", 5500, lending_to=D(2025, 6, 30)),
    pool("没有工资发放月数", {"payroll_unknown"}, "review", 6000, payroll_months=None),
    pool("没有发过工资", {"payroll_short"}, "refuse", 5500, payroll_months=0),
    pool("不要求合同和参保", set(), "pay", 6000, contract_from=None, insurance=frozenset()),
    pool("平台就是调出企业", {"self_employer"}, "refuse", 5500, lender=replace(LENDER, uscc="51350521MA00000045")),
    pool("平台代码不对", {"claimant_code_invalid"}, "refuse", 0, claimant={"uscc_fault": "应为18位"}),
    pool("本平台本年已补助过", {"paid_already"}, "refuse", 5500, others=(replace(LENT_BEFORE, status="approved"),)),
    pool("去年在本平台补助过", set(), "pay", 6000, others=(replace(LENT_BEFORE, slot="pool:1:2024", on=D(2024, 6, 3)),)),
    pool("未分配前，同年在别处补助过，先复核", {"paid_other_document"}, "review", 6000, slot="", others=(LENT_BEFORE,)),
    pool("同企业五个月内又有引进奖补", {"pool_and_referral"}, "review", 6000,
         others=(other(on=D(2025, 1, 6), employer_uscc=FACTORY.uscc),)),
    pool("九人调剂", {"few_persons"}, "refuse", 0, heads=9),
    pool("十人调剂", {"round_headcount"}, "pay", 5000, heads=10),
    pool("十人申报，一人不符合，只剩九人", {"few_persons", "lending_short", "round_headcount"}, "refuse", 0, heads=10, lending_to=D(2025, 6, 30)),
    Case("十人都调入一家企业", platform(*(lent(n, employer=FACTORY) for n in range(10))), {"few_enterprises", "round_headcount"}, "refuse", 0),
    Case("缺调剂协议", platform(*(lent(n, evidence=frozenset({"payroll_proof"})) for n in range(10))),
         {"evidence_required", "round_headcount"}, "pay", 5000),
]  # fmt: skip

BONUS = {"ambassador__tier_bonus_yuan": {"bronze": 1000, "silver": 3000, "gold": 5000}}
TITLES = [
    title("引进9人，未达铜牌", ambassador(9), {"below_bronze"}),
    title("引进10人，铜牌", ambassador(10), {"tier_reached", "just_above_tier"}),
    title("引进15人，铜牌", ambassador(15), {"tier_reached"}),
    title("引进19人，有奖金方案按铜牌", ambassador(19), {"tier_reached"}, 1000, **BONUS),
    title("引进20人，有奖金方案按银牌", ambassador(20), {"tier_reached", "just_above_tier"}, 3000, **BONUS),
    title("引进29人，有奖金方案按银牌", ambassador(29), {"tier_reached"}, 3000, **BONUS),
    title("引进30人，有奖金方案按金牌", ambassador(30), {"tier_reached", "just_above_tier"}, 5000, **BONUS),
    title("9人加一人已作废", ambassador(9, counted(9, approved=False)), {"below_bronze", "counted_line_annulled"}),
    title("9人加一人是别家企业的", ambassador(9, counted(9, employer_uscc="别家")), {"below_bronze", "counted_line_outside"}),
    title("9人加一人是去年入职", ambassador(9, counted(9, hire_date=D(2024, 12, 31))),
          {"below_bronze", "counted_line_outside"}),
    title("9人，其中一人记了两次", ambassador(9, counted(8, ref="again")), {"below_bronze"}),
    title("按政策期统计，9人加去年一人", ambassador(9, counted(9, hire_date=D(2024, 12, 31))),
          {"tier_reached", "just_above_tier"}, ambassador__count_window="policy_period"),
    title("按滚动12个月统计，9人加整一年前一人", ambassador(9, counted(9, hire_date=D(2024, 11, 24))),
          {"below_bronze", "counted_line_outside"}, ambassador__count_window="rolling_12m"),
    title("没有选择企业", ambassador(15, employer=None),
          {"ambassador_employer_missing", "below_bronze", "counted_line_outside"}),
    title("不是该企业员工", ambassador(15, claimant={"employed_at": frozenset()}), {"not_an_employee", "tier_reached"}),
    title("失信人员", ambassador(15, claimant={"blacklisted": True}), {"ambassador_blacklisted", "tier_reached"}),
    title("企业人事人员", ambassador(15, claimant={"employer_hr_of": frozenset({FACTORY.uscc})}),
          {"ambassador_runs_employer", "tier_reached"}),
    title("财政供养人员", ambassador(15, claimant={"public_payroll": True}), {"claimant_public_payroll", "tier_reached"}),
]  # fmt: skip

CASES = [*REFERRED, *COMPARED, *PARTIES, *TWICE, *LENDING, *TITLES]
