"""The log in words: what a chain is about, what a verb did, what an event's references are called."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.money import yuan
from policy.labels import in_words
from registry.labour.codes import Group, LabourState
from workflows.attention import DeedVerb
from workflows.states import ClaimState, Kind, Step, Verb

SUBJECTS: dict[str, str | Promise] = {
    "claim": _("申报"),
    "batch": _("拨付批次"),
    "recovery": _("追回案件"),
    "fund": _("资金来源"),
    "scheme": _("政策版本"),
    "user": _("账号"),
    "login": _("登录"),
    "labour": _("劳动力"),
    "annex": _("附件导入"),
    "register": _("劳动力信息库"),
    "return": _("月报"),
    "calendar": _("工作日历"),
}
OTHER_SUBJECTS: dict[str, str | Promise] = {
    "demo": _("演示数据"),
    "integrity": _("完整性核对"),
    "notice": _("公示"),
    "job": _("后台任务"),
    "paper": _("文书"),
    "round": _("月报轮次"),
    "town_return": _("乡镇月报"),
}  # not offered as a filter
DEEDS: dict[str, str | Promise] = {
    **{verb.value: verb.label for verb in Verb},
    **{verb.value: verb.label for verb in DeedVerb},
    "release": _("收回离岗人员的指派"),
    "read_copy": _("已阅"),
    "favour": _("收藏"),
    "unfavour": _("取消收藏"),
    "save_view": _("保存视图"),
    "drop_view": _("删除视图"),
    "name_deputy": _("指定代理人"),
    "end_cover": _("结束代理"),
    "start": _("新建"),
    "file": _("提交"),
    "evidence": _("添加材料"),
    "answer_correction": _("提交补正"),
    "withdraw": _("撤回"),
    "recall": _("收回办理"),
    "recount": _("重新计算人数"),
    "publish": _("发布公示"),
    "end_publicity": _("公示期满"),
    "batched": _("列入批次"),
    "unbatched": _("移出批次"),
    "paid": _("已支付"),
    "returned": _("退票"),
    "factor_added": _("登记两步验证"),
    "factor_removed": _("删除两步验证"),
    "factor_reset": _("重置两步验证"),
    "paper_withdrawn": _("撤回文书"),
    "paper_replaced": _("替换文书"),
    "signs_missing": _("文书含有字体无法显示的字"),
    "read_objector": _("查看异议人联系方式"),
    "open_recovery": _("立案追回"),
    "order_recovery": _("决定追回"),
    "reject_recovery": _("决定不予追回"),
    "plan_recovery": _("批准分期退回"),
    "recovery_received": _("追回款入库"),
    "recovery_offset": _("抵扣"),
    "recovery_written_off": _("核销"),
    "close_recovery": _("追回结清"),
    "lift_recovery": _("撤销追回"),
    "list_recheck": _("列入参保复核"),
    "answer_recheck": _("登记参保复核"),
    "open_batch": _("发起批次"),
    "draft_batch": _("编制"),
    "choose_format": _("更换文件格式"),
    "move_fund": _("调整资金来源"),
    "check_batch": _("复核通过"),
    "return_batch": _("退回重新编制"),
    "release_batch": _("批准并封存"),
    "cancel_batch": _("撤销批次"),
    "send_batch": _("登记已发送"),
    "answer_batch": _("登记支付结果"),
    "bank_unknown": _("支付结果不明"),
    "import_result": _("导入银行回单"),
    "settle_result_row": _("处理挂起的回单"),
    "account_change_asked": _("录入账户更正"),
    "account_changed": _("确认账户更正"),
    "account_change_rejected": _("账户更正未通过"),
    "mark_paid": _("登记已支付"),
    "mark_returned": _("登记退票"),
    "close_batch": _("办结"),
    "download_batch": _("下载支付文件"),
    "open_fund": _("登记资金"),
    "supplement_fund": _("追加指标"),
    "reduce_fund": _("调减指标"),
    "load": _("载入"),
    "load_year": _("保存年度日历"),
    "open_account": _("开立账号"),
    "reset_password": _("重置密码"),
    "close_account": _("停用账号"),
    "grant_post": _("授予岗位"),
    "end_post": _("终止岗位"),
    "unlock": _("解除锁定"),
    "cancel": _("取消任务"),
    "retry": _("重试任务"),
    "download": _("下载结果"),
    "export": _("导出清单"),
    "filled": _("生成演示数据"),
    "orphans_removed": _("清除无主文件"),
    "open_round": _("开始当月月报"),
    "remind": _("月报催报"),
    "submit_return": _("报送月报"),
    "confirm_rest": _("确认其余同上月"),
    "attach_photo": _("上传入户照片"),
    "send_back_return": _("退回村级月报"),
    "begin_correction": _("办理月报更正"),
    "merge_return": _("汇总村级月报"),
    "report_returns": _("上报乡镇月报"),
    "receive_returns": _("接收乡镇月报"),
    "register_person": _("登记劳动力"),
    "change_person": _("更正人员信息"),
    "record_status": _("登记就业状态"),
    "record_group": _("登记重点群体"),
    "end_group": _("结束重点群体"),
    "reveal": _("查看完整号码"),
    "merge_people": _("合并登记"),
    "merged_into": _("并入其他登记"),
    "undo_merge": _("撤销合并"),
    "read_annex": _("预检附件"),
    "apply_annex": _("导入附件"),
    "undo_annex": _("撤销导入"),
    "export_annex": _("导出附件"),
    "title_annex": _("修改附件列名"),
}
OF_SUBJECT: dict[tuple[str, str], str | Promise] = {("scheme", "publish"): _("发布")}
NAMES: dict[str, str | Promise] = {
    "amount_fen": _("金额（元）"),
    "total_fen": _("合计（元）"),
    "after": _("变更后"),
    "area": _("辖区"),
    "attempts": _("失败次数"),
    "batch": _("批次"),
    "case": _("追回编号"),
    "before": _("变更前"),
    "changed": _("补正内容"),
    "change": _("账户更正编号"),
    "channel": _("支付方式"),
    "claims": _("申报件数"),
    "count": _("笔数"),
    "deducted": _("核减人数"),
    "due_on": _("到期日"),
    "evidence": _("材料"),
    "from": _("自"),
    "ground": _("追回事由"),
    "fund": _("资金来源"),
    "held": _("冲突人数"),
    "holidays": _("放假日数"),
    "items": _("笔数"),
    "kind": _("类别"),
    "label": _("版本"),
    "level": _("环节"),
    "line": _("人员"),
    "lines": _("人数"),
    "make_up_days": _("调休上班日数"),
    "notice": _("公示"),
    "number": _("编号"),
    "opinion": _("意见"),
    "colleague": _("人员编号"),
    "copy": _("抄送编号"),
    "cover": _("代理编号"),
    "deed": _("办理动作编号"),
    "deputy": _("代理人编号"),
    "organisation": _("单位"),
    "outcome": _("结果"),
    "over": _("被核减的申报"),
    "parked": _("挂起条数"),
    "parts": _("期数"),
    "post": _("岗位编号"),
    "posts_ended": _("终止岗位数"),
    "reason": _("原因"),
    "repayment": _("入库记录编号"),
    "returned": _("退回人数"),
    "result": _("回单编号"),
    "review": _("办理环节编号"),
    "role": _("角色"),
    "row": _("回单明细编号"),
    "rows": _("明细条数"),
    "settlement": _("处理方式"),
    "sha256": _("文件校验值"),
    "signs": _("无法显示的字数"),
    "source": _("依据"),
    "step": _("环节"),
    "status": _("就业状态"),
    "group": _("重点群体"),
    "certified": _("经认定"),
    "what": _("查看内容"),
    "since": _("起始日期"),
    "gone": _("并入的登记"),
    "kept": _("保留的登记"),
    "annex": _("附件"),
    "people": _("人数"),
    "to": _("至"),
    "until": _("末期日期"),
    "taken": _("验证方式数"),
    "device": _("验证方式编号"),
    "transfers": _("转账笔数"),
    "username": _("登录名"),
    "view": _("视图编号"),
    "year": _("年度"),
}
VALUES: dict[str, dict[str, str | Promise]] = {
    "role": {role.value: role.label for role in Role},
    "kind": {
        **{kind.value: kind.label for kind in Kind},
        "authenticator": _("手机验证器"),
        "passkey": _("通行密钥"),
    },
    "step": {step.value: step.label for step in Step},
    "status": dict(LabourState.choices),
    "group": dict(Group.choices),
    "what": {"id_number": _("身份证号码"), "phone": _("联系电话")},
    "from": {state.value: state.label for state in ClaimState},
    "to": {state.value: state.label for state in ClaimState},
    "channel": {"public": _("对公"), "private": _("对私")},
    "settlement": {"set_aside": _("不采用该行"), "booked": _("按该行登记")},
}
COUNTED = {"deducted", "returned", "over", "holidays", "make_up_days"}  # lists of references: how many is what is read
LONGEST = 120
Places = dict[tuple[str, str | int], str]


def subject(chain: str) -> str:
    """A chain in words: ``claim:12`` is 申报 12."""
    kind, _colon, number = chain.partition(":")
    return f"{OTHER_SUBJECTS.get(kind) or SUBJECTS.get(kind, kind)} {number}".strip()


def deed(verb: str, kind: str = "") -> str:
    """A verb in words; its code when it is a new one."""
    return str(OF_SUBJECT.get((kind, verb)) or DEEDS.get(verb, verb))


def details(data: dict[str, Any], places: Places | None = None) -> list[tuple[str, str]]:
    """An event's references as pairs of name and value, without the empty ones; `places` names areas and organisations."""
    pairs = []
    for key, value in data.items():
        if value in (None, "", []):
            continue
        name = places.get((key, value)) if places and isinstance(value, str | int) else None
        pairs.append((str(NAMES.get(key, key)), name or _value(key, value)))
    return pairs


def _value(key: str, value: Any) -> str:
    if key.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    if isinstance(value, list) and key in COUNTED:
        return str(len(value))
    if isinstance(value, dict):
        return "；".join(f"{name} {inner}" for name, inner in details(value))
    if isinstance(value, str):
        text = str(VALUES.get(key, {}).get(value, value))
        return text[:16] if key == "sha256" else text[:LONGEST]
    return in_words(value)[:LONGEST] if not isinstance(value, int) or isinstance(value, bool) else str(value)
