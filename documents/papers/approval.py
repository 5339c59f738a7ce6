"""审批表: the approval form of each kind of claim, with every officer's opinion and the list of workers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext as _

from core.names import mask_name
from documents.models import Paper
from documents.papers.content import require_masked

TITLES = {
    "agency": "机构引工奖补审批表",
    "individual": "个人引工奖补审批表",
    "platform": "用工调剂平台补助审批表",
    "ambassador": "引工大使称号审批表",
}
STAGES = {  # the boxes of the form, top to bottom; each is printed even when nobody has written in it yet
    "employer": "用工企业\n意见",
    "village": "村（社区）\n核实意见",
    "township": "乡镇\n审核意见",
    "bureau_handler": "劳动保障科\n经办意见",
    "section_head": "科室负责人\n意见",
    "bureau_leader": "分管局领导\n审批意见",
    "finance": "财政部门\n意见",
}
PERSONS = frozenset({"individual", "ambassador"})
BESIDE = 64  # signs of opinion that a box of half the width holds in four lines


@dataclass(frozen=True, slots=True)
class ClaimantBlock:
    """Who claims. Numbers of persons and accounts masked; fields that do not fit the kind stay empty."""

    name: str
    uscc: str = ""
    masked_id: str = ""
    legal_rep: str = ""
    licence_no: str = ""
    licence_until: date | None = None
    address: str = ""
    masked_phone: str = ""
    account_holder: str = ""
    bank: str = ""
    masked_account: str = ""
    platform_type: str = ""
    platform_level: str = ""
    employer: str = ""  # where a person is in service


@dataclass(frozen=True, slots=True)
class EmployerRow:
    name: str
    uscc: str
    township: str
    heads: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one officer wrote. `stage` is a key of `STAGES`; rows of one organ stand together in one box."""

    stage: str
    organ: str
    who: str
    post: str
    opinion: str
    day: date


Box = tuple[str, str, list[Opinion]]  # stage label, organ, what its officers wrote


@dataclass(frozen=True, slots=True)
class Citation:
    rule: str
    message: str
    article: str


@dataclass(frozen=True, slots=True)
class DeductionGroup:
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A line of the annex; `outcome` is a word such as 支持 or 核减：重复申报."""

    seq: int
    name: str
    masked_id: str
    employer: str
    hired_on: date | None
    outcome: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ApprovalContent:
    """Everything the 审批表 prints. Amounts in fen; `tier` is 金牌, 银牌, 铜牌 or empty."""

    KIND: ClassVar = Paper.Kind.APPROVAL
    SERIES: ClassVar[str] = "SP"
    DIGITS: ClassVar[int] = 6
    TEMPLATE: ClassVar[str] = "papers/approval.html"
    STYLE: ClassVar[str] = "form.css"

    kind: str
    kind_label: str
    claim_number: str
    filed_on: date | None
    claimant: ClaimantBlock
    employers: Sequence[EmployerRow]
    filed_count: int
    live_count: int
    deducted_count: int
    rate_fen: int
    total_fen: int
    hired_from: date | None
    hired_to: date | None
    opinions: Sequence[Opinion]
    scheme_label: str
    doc_no: str
    scheme_title: str = ""
    citations: Sequence[Citation] = field(default_factory=tuple)
    deductions: Sequence[DeductionGroup] = field(default_factory=tuple)
    lines: Sequence[WorkerRow] = field(default_factory=tuple)
    attachments: Sequence[str] = field(default_factory=tuple)
    fund_name: str = ""
    allocation_no: str = ""
    tier: str = ""
    bonus_fen: int = 0
    count_year: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.kind not in TITLES:
            raise ValueError(f"unknown kind of claim {self.kind!r}")
        if unknown := {opinion.stage for opinion in self.opinions} - set(STAGES):
            raise ValueError(f"unknown stages {sorted(unknown)}")
        require_masked(
            {
                _("申请人证件号码"): self.claimant.masked_id,
                _("申请人电话"): self.claimant.masked_phone,
                _("收款账号"): self.claimant.masked_account,
            }
        )
        for line in self.lines:
            require_masked({_("名单证件号码"): line.masked_id})

    @property
    def title(self) -> str:
        return f"{settings.ZONE_NAME}{TITLES[self.kind]}"

    @property
    def amount_fen(self) -> int | None:
        return self.total_fen

    @property
    def rows_of_boxes(self) -> Iterator[list[Box]]:
        """Two boxes side by side, in their order; one that says much has the whole width."""
        waiting: list[Box] = []
        for box in self.boxes:
            wide = sum(len(item.opinion) for item in box[2]) > BESIDE or len(box[2]) > 2
            if waiting and (wide or len(waiting) == 2):
                yield waiting
                waiting = []
            waiting.append(box)
            if wide:
                yield waiting
                waiting = []
        if waiting:
            yield waiting

    @property
    def boxes(self) -> Iterator[Box]:
        """Stage label, organ and opinions of each box; parallel villages and townships have a box each."""
        for stage, label in STAGES.items():
            said = sorted((o for o in self.opinions if o.stage == stage), key=lambda o: o.organ)
            if not said:
                yield label, "", []
            for organ, group in groupby(said, key=lambda o: o.organ):
                yield label, organ, sorted(group, key=lambda o: o.day)

    def public(self) -> dict[str, Any]:
        name = mask_name(self.claimant.name) if self.kind in PERSONS else self.claimant.name
        facts = [["类别", self.kind_label], ["核定人数", f"{self.live_count}人"]]
        return {"issuer": settings.BUREAU_NAME, "names": [name], "facts": facts}
