"""Identifiers: the sample numbers, every kind of fault, and no input that throws."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import identifiers as ids
from core.identifiers import IdType

ON = date(2025, 11, 24)
MALE, X_CHECK, TAIWAN = "350521199003070013", "35052119850615007X", "830000199201300022"
CARD = "6217001820012345678"
ANYTHING = st.one_of(
    st.text(st.characters()),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Nd", "Lo"])),
    st.text("0123456789Xx", min_size=14, max_size=20),
    st.integers(), st.none(), st.floats(), st.binary(), st.lists(st.integers()), st.just("9" * 100_000),
)  # fmt: skip


def with_check(body: str) -> str:
    """Complete 17 digits by trying all check characters: independent of the product's arithmetic table."""
    for check in "0123456789X":
        total = sum((10 if c == "X" else int(c)) * 2 ** (17 - i) for i, c in enumerate(body + check))
        if total % 11 == 1:  # ISO 7064 MOD 11-2
            return body + check
    raise AssertionError(body)


@pytest.mark.parametrize("number", [MALE, X_CHECK, TAIWAN], ids=["male", "x", "taiwan"])
def test_sample_numbers_are_valid(number: str) -> None:
    assert ids.resident_id_fault(number, ON) == ""


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("350521199003070010", "校验码不对"),
        ("350521900307001", "15位"),
        ("35052119850615007x", "大写字母X"),
        ("３50521199003070013", "全角"),
        (" 350521199003070013", "空格"),
        ("350521 199003070013", "空格"),
        ("35052119900307001", "现为17位"),
        ("350521199002300013", "不存在"),
        ("050521199003070013", "首位不能为0"),
        ("35052119900307OO13", "17位数字"),
        ("٣50521199003070013", "17位数字"),
        ("", "未填写"),
        (None, "文本"),
        (350521199003070013, "文本"),
        ("3.50521E+17", "现为11位"),
        ("1" * 100_000, "太长"),
    ],
    ids=range(16),
)
def test_each_fault_of_a_resident_number_is_named(number: object, says: str) -> None:
    assert says in ids.resident_id_fault(number, ON)


def test_birth_date_bounds() -> None:
    born_today, tomorrow = with_check("35052120251124001"), with_check("35052120251125001")
    assert ids.resident_id_fault(born_today, ON) == ""
    assert "晚于今天" in ids.resident_id_fault(tomorrow, ON)
    assert ids.resident_id_fault(with_check("35052119041125001"), ON) == ""  # 120, the day before the birthday
    assert "120岁" in ids.resident_id_fault(with_check("35052119041124001"), ON)
    assert ids.resident_id_fault(with_check("35052119000229001"), ON).startswith("身份证件号码中的出生日期不存在")


@pytest.mark.parametrize("place", range(17))
def test_a_single_wrong_digit_is_caught(place: int) -> None:
    wrong = MALE[:place] + str((int(MALE[place]) + 1) % 10) + MALE[place + 1 :]
    assert ids.resident_id_fault(wrong, ON) != ""


@pytest.mark.parametrize(
    ("kind", "number", "says"),
    [
        (IdType.RESIDENT_ID, MALE, ""),
        ("身份证", MALE, ""),
        (IdType.RESIDENCE_PERMIT, TAIWAN, ""),
        (IdType.RESIDENCE_PERMIT, MALE, "810000"),
        (IdType.FOREIGN_PERMANENT, with_check("93584019850615001"), ""),
        (IdType.FOREIGN_PERMANENT, "USA350185061501", ""),
        (IdType.FOREIGN_PERMANENT, MALE, "以9开头"),
        (IdType.FOREIGN_PERMANENT, with_check("93584019850615001")[:-1] + "?", "17位数字"),
        (IdType.PASSPORT, "E12345678", ""),
        (IdType.PASSPORT, "e12345678", "大写"),
        (IdType.PASSPORT, MALE, "5至12位"),
        (IdType.PASSPORT, "ABCDEFG", "5至12位"),
        (IdType.TAIWAN_PERMIT, "01234567", ""),
        (IdType.TAIWAN_PERMIT, "0123456", "8位数字"),
        (IdType.HKM_PERMIT, "H01234567", ""),
        (IdType.HKM_PERMIT, "M0123456701", ""),
        (IdType.HKM_PERMIT, "X01234567", "H或M"),
        ("驾驶证", MALE, "证件类型"),
        (None, MALE, "证件类型"),
    ],
    ids=range(19),
)
def test_each_kind_of_document(kind: object, number: str, says: str) -> None:
    fault = ids.id_fault(kind, number, ON)
    assert says in fault if says else fault == ""


def test_what_a_number_carries() -> None:
    assert (ids.birth_of(IdType.RESIDENT_ID, MALE), ids.sex_of(IdType.RESIDENT_ID, MALE)) == (date(1990, 3, 7), "male")
    assert (ids.birth_of("台湾居民居住证", TAIWAN), ids.sex_of("居住证", TAIWAN)) == (date(1992, 1, 30), "female")
    foreign = with_check("93584019850615001")
    assert (ids.birth_of(IdType.FOREIGN_PERMANENT, foreign), ids.sex_of("永居证", foreign)) == (date(1985, 6, 15), "")
    assert ids.birth_of(IdType.PASSPORT, MALE) is None
    assert ids.birth_of(IdType.RESIDENT_ID, "350521199003070010") is None
    assert ids.sex_of(IdType.RESIDENT_ID, "350521199003070010") == ""


def test_labels_and_aliases_name_every_kind() -> None:
    assert {ids.id_type_of(ids.LABELS[kind]) for kind in IdType} == set(IdType)
    assert {ids.id_type_of(kind.value) for kind in IdType} == set(IdType)
    assert [ids.id_type_of(x) for x in (" 台胞证 ", "港澳通行证", "护照", "居民身份证", "学生证", "", None)] == [
        IdType.TAIWAN_PERMIT, IdType.HKM_PERMIT, IdType.PASSPORT, IdType.RESIDENT_ID, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("91350521MA0000000N", ""),
        ("N2350521MF0000004W", ""),
        ("91350521MA0000000M", "校验码不对"),
        ("91350521ma0000000n", "大写"),
        ("91350521MAO000000N", "I、O、S、V、Z"),
        ("9135052AMA0000000N", "第3至8位"),
        ("91350521MA000000N", "现为17位"),
        ("９1350521MA0000000N", "全角"),
        ("", "未填写"),
        (None, "文本"),
    ],
)
def test_credit_codes(code: object, says: str) -> None:
    fault = ids.uscc_fault(code)
    assert says in fault if says else fault == ""


def test_phones() -> None:
    assert [ids.mobile_fault(x) for x in ("13800005678", "19900005678")] == ["", ""]
    assert all(ids.mobile_fault(x) for x in ("12800005678", "1380000567", "138000056789", "+8613800005678", "27390571"))
    assert [ids.phone_fault(x) for x in ("13800005678", "0595-27390571", "059527390571", "27390571")] == [""] * 4
    assert all(ids.phone_fault(x) for x in ("0591-27390571", "2739057", "0595 27390571", "27390571\n", None))


def test_bank_accounts() -> None:
    assert ids.bank_account_fault(CARD, personal=True) == "" == ids.bank_account_warning(CARD)
    assert ids.bank_account_warning(CARD[:-1] + "9") != ""
    assert [bool(ids.bank_account_fault("1" * n, personal=True)) for n in (15, 16, 19, 20)] == [
        True,
        False,
        False,
        True,
    ]
    assert [bool(ids.bank_account_fault("1" * n, personal=False)) for n in (7, 8, 32, 33)] == [True, False, False, True]
    assert "数字" in ids.bank_account_fault("6217-0018-2001-2345", personal=True)
    assert [bool(ids.cnaps_fault(x)) for x in ("103397000013", "10339700001", "1033970000131", "10339700001A")] == [
        False, True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["张三", "欧阳修远", "买买提·艾力", "买买提．艾力", "𬱖𫖯", "㛃䶮", "〇一", "John Smith", "Anne-Marie O'Neil", "李・四", "Zoë Lü"]
)  # fmt: skip
def test_names_that_people_have(name: str) -> None:
    assert ids.name_fault(name) == ""


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("张", "2至50"), ("张" * 51, "2至50"), ("张" * 10_000, "2至50"), ("", "未填写"), ("  ", "未填写"),
        ("张3", "数字"), ("张３", "数字"), ("张\n三", "换行"), ("张\u200b三", "看不见"), ("张\u202e三", "看不见"),
        ("张\ud800", "看不见"), ("张\ue000", "自造字"), ("=cmd张", "姓名只能"), ("张,三", "姓名只能"), ('张"三', "姓名只能"),
        ("·张三", "间隔号"), ("张··三", "间隔号"), ("-张三", "间隔号"), (None, "文本"), (12, "文本"),
    ],
    ids=range(20),
)  # fmt: skip
def test_names_that_nobody_has(name: object, says: str) -> None:
    assert says in ids.name_fault(name)


def test_normal_forms() -> None:
    assert ids.normalise_name(" 买买提•艾力 ") == "买买提·艾力"
    assert ids.normalise_name("e\u0301") == "é"
    assert ids.normalise_name("ﬁ張") == "ﬁ張"  # NFKC would have changed it
    assert ids.normalise_id(" 35052119850615007x ") == X_CHECK
    assert ids.normalise_id("３50521199003070013") == "３50521199003070013"
    assert (ids.normalise_id(None), ids.normalise_name(5)) == ("", "")


def test_masks() -> None:
    assert ids.mask_id(MALE) == "350***********0013"
    assert (ids.mask_id("E12345678"), ids.mask_id("1234"), ids.mask_id(None)) == ("E******78", "****", "")
    assert (ids.mask_phone("13800005678"), ids.mask_phone("27390571")) == ("138****5678", "****0571")
    assert (ids.mask_account(CARD), ids.mask_account("1234"), ids.mask_account(None)) == ("****5678", "****", "****")
    assert [ids.mask_name(x) for x in ("张三丰", "张三", "欧阳修远", "张", None)] == [
        "张*丰",
        "张*",
        "欧**远",
        "*",
        "*",
    ]


VALIDATORS = [
    ids.uscc_fault, ids.mobile_fault, ids.phone_fault, ids.bank_account_warning, ids.cnaps_fault, ids.name_fault,
    ids.mask_id, ids.mask_phone, ids.mask_account, ids.mask_name, ids.normalise_id, ids.normalise_name,
]  # fmt: skip


@given(ANYTHING, st.booleans())
def test_nothing_throws(text: object, personal: bool) -> None:
    for validator in VALIDATORS:
        assert isinstance(validator(text), str)
    assert isinstance(ids.bank_account_fault(text, personal), str)
    assert isinstance(ids.resident_id_fault(text, ON), str)


@given(st.one_of(st.sampled_from([*IdType, *ids.ALIASES]), ANYTHING), ANYTHING)
def test_nothing_throws_for_any_kind_of_document(kind: object, text: object) -> None:
    fault = ids.id_fault(kind, text, ON)
    assert isinstance(fault, str)
    born = ids.birth_of(kind, text)
    assert born is None or isinstance(born, date)
    assert ids.sex_of(kind, text) in ("male", "female", "")
    assert ids.id_type_of(kind) is None or isinstance(ids.id_type_of(kind), IdType)


@given(st.text(), st.text("0123456789", min_size=8, max_size=19))
def test_sentences_never_repeat_the_number(name: str, number: str) -> None:
    for fault in (ids.resident_id_fault(number, ON), ids.uscc_fault(number), ids.phone_fault(number)):
        assert number not in fault


@given(st.dates(date(1906, 1, 1), ON), st.integers(0, 999), st.sampled_from(["350521", "810000", "110101", "652925"]))
def test_every_well_made_number_is_valid_and_reads_back(born: date, order: int, region: str) -> None:
    number = with_check(f"{region}{born:%Y%m%d}{order:03d}")
    assert ids.resident_id_fault(number, ON) == ""
    assert ids.birth_of(IdType.RESIDENT_ID, number) == born
    assert ids.sex_of(IdType.RESIDENT_ID, number) == ("male" if order % 2 else "female")
