"""What officials read for the parameters of a scheme file: names, units, and words for coded values. Pure."""

GROUPS = {
    "policy": "文件",
    "amounts_yuan": "奖补标准",
    "ambassador": "引工大使",
    "eligibility": "奖补条件",
    "duplicates": "重复与冲突",
    "caps_yuan": "年度上限",
    "filing_window": "申报期限",
    "sla_working_days": "办理时限",
    "publicity": "公示",
    "verification_route": "核实单位",
    "monthly_report": "月报",
    "sampling": "抽查比例",
    "retention_years": "保存期限",
    "masking": "脱敏",
    "evidence": "证明材料",
    "checks": "风险核查",
}
# name and unit by group and parameter; a tuple's second part is the unit
PARAMETERS: dict[str, tuple[str, str]] = {
    "policy.doc_no": ("文号", ""),
    "policy.issued_on": ("成文日期", ""),
    "policy.valid_from": ("施行日期", ""),
    "policy.valid_to": ("失效日期", ""),
    "policy.interpreter": ("解释单位", ""),
    "policy.expiry_applies_to": ("按何日期判断有效期", ""),
    "policy.tail_filing_deadline": ("收尾申报截止日", ""),
    "policy.successor_policy": ("后续政策", ""),
    "amounts_yuan.pool_adjustment_per_person": ("用工调剂补助", "元/人"),
    "amounts_yuan.agency_referral_per_person": ("机构引进奖励", "元/人"),
    "amounts_yuan.individual_referral_per_person": ("个人引进奖励", "元/人"),
    "ambassador.tiers": ("称号门槛（含本数）", "人"),
    "ambassador.tier_bonus_yuan": ("称号奖金", "元"),
    "ambassador.count_window": ("人数统计期间", ""),
    "ambassador.counted_status": ("计入人数的环节", ""),
    "ambassador.must_be_employee_of_employer": ("须为用工企业在职员工", ""),
    "ambassador.dedupe_worker_across_ambassadors": ("同一员工只计一次", ""),
    "ambassador.exit_rules": ("退出情形", ""),
    "eligibility.worker_min_age": ("员工最低年龄", "周岁"),
    "eligibility.worker_upper_age_rule": ("员工年龄上限规则", ""),
    "eligibility.notice_upper_age": ("填报说明年龄", "周岁"),
    "eligibility.worker_origin_rule": ("员工来源地", ""),
    "eligibility.first_time_in_zone_lookback_months": ("首次引进回溯", "个月"),
    "eligibility.contract_min_months": ("劳动合同最短期限", "个月"),
    "eligibility.stable_months": ("稳定就业期限", "个月"),
    "eligibility.insurance_types_any_of": ("社会保险（任一险种）", ""),
    "eligibility.still_employed_at_filing": ("申报时须在岗", ""),
    "eligibility.exclude_dispatch_workers": ("不含劳务派遣", ""),
    "eligibility.exclude_self_employer": ("申请人不得为用工企业", ""),
    "eligibility.employer_must_be_in_zone": ("用工企业范围", ""),
    "eligibility.agency_licence_valid_on": ("许可证须在何日有效", ""),
    "eligibility.individual_claimant_scope": ("个人申报人范围", ""),
    "eligibility.pool_min_persons": ("调剂最少人数", "人"),
    "eligibility.pool_min_enterprises": ("调剂最少企业数", "家"),
    "duplicates.one_payment_per_worker_per_policy": ("同一政策下每人只奖补一次", ""),
    "duplicates.pool_vs_referral_same_worker_months": ("调剂与引进的间隔", "个月"),
    "duplicates.other_subsidy_conflicts": ("视为重复的其他补贴", ""),
    "duplicates.priority_rule": ("冲突时的先后", ""),
    "caps_yuan.pool_per_year": ("调剂平台", "元/年"),
    "caps_yuan.agency_per_year": ("机构", "元/年"),
    "caps_yuan.individual_per_year": ("个人", "元/年"),
    "filing_window.mode": ("申报方式", ""),
    "filing_window.months": ("集中申报月份", "月"),
    "filing_window.max_days_after_qualifying": ("符合条件后申报期限", "日"),
    "sla_working_days.acceptance": ("受理", "个工作日"),
    "sla_working_days.supplement_once": ("一次性补正", "个工作日"),
    "sla_working_days.village": ("村（社区）核实", "个工作日"),
    "sla_working_days.township": ("乡镇审核", "个工作日"),
    "sla_working_days.bureau": ("民生保障局审核", "个工作日"),
    "sla_working_days.publicity": ("公示", "个工作日"),
    "sla_working_days.objection_investigation": ("异议核查", "个工作日"),
    "sla_working_days.finance": ("财政拨付", "个工作日"),
    "publicity.venues": ("公示场所", ""),
    "publicity.min_working_days": ("最短公示期", "个工作日"),
    "publicity.village_board_days": ("村公示栏张贴", "日"),
    "publicity.keep_photo": ("留存公示照片", ""),
    "verification_route.order": ("核实单位先后", ""),
    "verification_route.village_two_person_sign": ("村级两人签字", ""),
    "monthly_report.due_day": ("每月报送日", "日"),
    "monthly_report.inclusive": ("当日报送为按时", ""),
    "monthly_report.roll_to_next_workday": ("遇节假日顺延", ""),
    "monthly_report.first_due": ("首次报送日", ""),
    "sampling.township_min_pct": ("乡镇抽查不低于", "%"),
    "sampling.bureau_min_pct": ("民生保障局抽查不低于", "%"),
    "sampling.high_risk_pct": ("高风险抽查", "%"),
    "retention_years.payment_records": ("拨付凭证", "年"),
    "retention_years.case_files": ("申报案卷", "年"),
    "retention_years.rejected_cases": ("不予支持的申报", "年"),
    "retention_years.audit_log": ("操作记录", "年"),
    "retention_years.pia": ("个人信息影响评估", "年"),
    "masking.id": ("证件号码示例", ""),
    "masking.phone": ("手机号码示例", ""),
    "masking.bank": ("账号", ""),
    "masking.public_list_shows": ("公示表内容", ""),
    "evidence.agency": ("机构引进", ""),
    "evidence.individual": ("个人引进", ""),
    "evidence.platform": ("用工调剂", ""),
    "evidence.ambassador": ("引工大使", ""),
    "checks.phone_shared_by": ("共用电话人数", "人"),
    "checks.burst_per_day": ("同日入职人数", "人"),
    "checks.above_tier_by": ("刚过称号门槛", "人"),
    "checks.insured_min_months": ("参保后停保的最短月数", "个月"),
    "checks.mass_stop_heads": ("核准后集中停保人数", "人"),
    "checks.mass_stop_months": ("核准后停保的观察期", "个月"),
    "checks.rehired_within_days": ("离职后再入职的间隔", "日"),
    "checks.phone_claimants": ("共用电话的申请人数", "家"),
    "checks.account_claimants": ("共用收款账号的申请人数", "家"),
    "checks.address_claimants": ("同一地址的申请单位数", "家"),
    "checks.id_numbers_apart": ("证件顺序码相近", ""),
    "checks.high_risk_hits": ("高风险的复核规则数", "项"),
}
CODES = {
    True: "是", False: "否",
    "hire_date": "入职日期", "qualifying_date": "符合条件日期", "filing_date": "申报日期", "referral_date": "引进日期",
    "calendar_year": "自然年度", "policy_period": "政策有效期", "rolling_12m": "连续12个月",
    "approved_workers": "公示后核准的人员",
    "false_material": "虚假材料", "credit_blacklist": "列入失信名单", "criminal_penalty": "受刑事处罚",
    "notice_60_55": "按附件填报说明", "statutory_progressive": "按渐进式延迟退休规定", "none": "不设上限",
    "any": "不限", "outside_zone": "区外人员", "rural_hukou": "农村户籍人员",
    "registered_or_insured_in_zone": "在区内注册或参保", "zone_resident_or_employee": "区内户籍、居住或参保人员",
    "earliest_referral_registration_then_filing": "先引工报备，其次先受理",
    "anytime": "随时申报", "months": "按月集中申报",
    "zone_site": "区网站", "township_board": "乡镇公示栏", "village_board": "村（社区）公示栏",
    "worker_hukou_village_in_zone": "员工户籍村（社区）", "worker_residence_village_in_zone": "员工居住村（社区）",
    "employer_village": "用工企业所在村（社区）", "employer_township": "用工企业所在乡镇", "bureau": "民生保障局",
    "last4": "只显示后4位",
    "recipient_name": "申请人", "headcount": "人数", "standard": "标准", "amount": "金额",
    "id_check": "身份证明", "business_licence": "营业执照", "hr_licence": "人力资源服务许可证", "contract": "劳动合同",
    "insurance_proof": "社保缴费证明", "payroll_proof": "工资发放证明", "lending_agreement": "用工调剂协议",
    "roster": "花名册", "referral_letter": "推荐函或企业确认函", "bank_proof": "银行账户证明", "commitment": "承诺书",
    "no_duplicate_statement": "未重复享受声明",
}  # fmt: skip
PARTS = {
    "bronze": "铜牌", "silver": "银牌", "gold": "金牌", "agency": "机构", "individual": "个人", "pool": "调剂",
    "male": "男", "female": "女", "required": "必须提供", "optional": "可以提供",
}  # fmt: skip


def group_label(group: str) -> str:
    """The group's name; its code when it is a new one."""
    return GROUPS.get(group, group)


def parameter_label(path: str) -> tuple[str, str]:
    """Name and unit of a parameter; its code and no unit when it is a new one."""
    return PARAMETERS.get(path, (path.rpartition(".")[2], ""))


def in_words(value: object) -> str:
    """A value as officials read it; whole numbers with thousands separators, lists with 、."""
    if value is None:
        return "不设"
    if isinstance(value, dict):
        return "；".join(f"{PARTS.get(str(part), part)}：{in_words(inner)}" for part, inner in value.items())
    if isinstance(value, list | tuple):
        return "、".join(in_words(inner) for inner in value) or "无"
    if isinstance(value, bool):
        return CODES[value]
    if isinstance(value, int):
        return f"{value:,}"
    return CODES.get(value, str(value)) if isinstance(value, str) else str(value)
