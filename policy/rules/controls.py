"""The checks of the brief that are no judgement but a stop built into the road, the money or the database.

Each names its home and the test that shows it, so that the catalogue is whole from C01 to C23 and nothing is written
twice. A test holds that both exist.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Control:
    """A numbered check, how it weighs, what it does (a Chinese sentence), where it stands, and its test."""

    number: str
    label: str
    weight: str
    does: str
    home: str  # module:name
    test: str  # file::function


CONTROLS: tuple[Control, ...] = (
    Control("C03", "两份在办申请同一人员", "暂缓", "后到的一行暂缓，由劳动保障科裁定归属，数据库不允许同一人员两次有效。",
            "workflows.clashes:resolve_clash", "tests/workflows/test_corrections.py::test_a_corrected_person_who_is_taken_is_held"),
    Control("C15", "回避和岗位分离", "禁止", "与申请人有利益关系的人、同一申报已办过其他环节的人，均不能办理。",
            "workflows.access:unconflicted", "tests/workflows/test_deciding.py::test_nobody_holds_two_duties_of_one_claim_even_in_another_post"),
    Control("C16", "称号人数重算", "提示", "计入称号的人员作废后，自动重算称号并在办理过程中显示。",
            "workflows.clashes:annul_line", "tests/workflows/test_ambassador.py::test_an_annulled_line_counts_no_more"),
    Control("C17", "金额和余额核对", "禁止", "金额为有效人员之和；批准时占用所选指标，余额不足不能批准。",
            "workflows.approving:approve", "tests/workflows/test_deciding.py::test_the_leader_names_a_fund_that_can_carry_it"),
    Control("C18", "公示未满或异议未结", "禁止", "公示期、公示栏张贴期未满或异议未结案的，不能批准和拨付，数据库同样拒绝。",
            "workflows.holds:hold_of", "tests/workflows/test_objections.py::test_the_database_itself_refuses_an_approval_that_is_not_due"),
    Control("C19", "重复拨付和重复导入回单", "禁止", "同一人员只能在一个有效批次；同一回单文件再次导入不改变任何结果。",
            "payments.bank_results:import_result", "tests/payments/test_bank_results.py::test_the_same_file_again_changes_nothing_and_says_so"),
    Control("C20", "办理超期", "提醒", "临近到期和逾期的事项在待办中标明，并按到期日排列。",
            "workflows.queries:inbox", "tests/portals/test_desk.py::test_the_most_urgent_comes_first_and_says_how_late_it_is"),
    Control("C21", "签字后材料变动", "禁止", "只有退回补正的部分可以修改；改动的人员由原核实单位重新签字。",
            "workflows.corrections:require_part", "tests/workflows/test_corrections.py::test_only_the_village_whose_line_changed_decides_again"),
)  # fmt: skip
