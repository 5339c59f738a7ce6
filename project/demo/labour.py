"""Two villages' registers as they were handed in: annexes 1 and 2 of October, the changes of November, key groups."""

from datetime import date

from accounts.models import Area
from core import clock
from documents.annexes.filling import annex_book
from documents.annexes.parts import Part
from documents.annexes.shell import import_file
from project.demo.numbers import mobile, person_name
from project.demo.people import Cast, area_of
from registry.labour.commands import Doing, phone_index, record_group, record_status
from registry.models import GridWorker, LabourPerson

VILLAGES = (("350521104201", 64), ("350521104203", 41))
TRADES = ("缝纫工", "电工", "焊工", "普工", "仓管", "驾驶员", "厨师", "保洁", "石雕工", "养殖工")
EMPLOYERS = (
    "泉州海峡石化装备有限公司",
    "泉州台商区恒源鞋业有限公司",
    "福建百崎湖食品有限公司",
    "惠南装配厂",
    "洛阳镇便民超市",
)
SCHOOLING = ("初中", "小学", "高中", "中专", "大专", "初中毕业", "本科", "文盲")
REASONS = ("照顾老人", "照顾小孩", "企业停产", "刚毕业", "待海上休渔期结束", "")


def fill_register(cast: Cast) -> None:
    """What two village clerks imported and recorded in the autumn of 2025."""
    for number, (code, heads) in enumerate(VILLAGES):
        village, by = area_of(code), cast[f"clerk:{code}"]
        with clock.travel(date(2025, 10, 9)):
            for annex in (1, 2):
                rows = [_row(number * 1000 + seed, annex) for seed in range(heads) if (seed % 5 == 0) == (annex == 1)]
                import_file(
                    data=_book(village, annex, rows), name=f"{village.name}附件{annex}.xlsx", annex=annex, by=by
                )
        with clock.travel(date(2025, 11, 6)):
            _changes(cast, code)
        _grid(village, number)


def _book(village: Area, annex: int, rows: list[dict[str, str]]) -> bytes:
    town = village.parent.name if village.parent else ""
    return annex_book(annex, [Part(town, village.name, "", rows)])


def _row(seed: int, annex: int) -> dict[str, str]:
    """A person of the village; the same seed gives the same one."""
    male, born = seed % 2 == 1, 1968 + (seed * 7) % 38
    away = annex == 2 and seed % 9 == 4
    row = {
        "name": person_name(3000 + seed),
        "sex": "男" if male else "女",
        "birth_month": f"{max(born, 1971) if not male else born}-{seed % 12 + 1:02d}",
        "education": SCHOOLING[seed % len(SCHOOLING)],
        "phone": mobile(61000 + seed) if seed % 11 else "",
        "group_name": str(seed % 6 + 1),
        "land_sea_loss": "是" if seed % 8 == 3 else "",
        "training_wish": "电工" if seed % 13 == 2 else "",
        "hukou_type": "农村",
    }
    if annex == 1:
        return row | {
            "wanted_trade": TRADES[seed % len(TRADES)],
            "note": REASONS[seed % len(REASONS)],
            "status": "未就业",
        }
    row |= {"trade": TRADES[seed % len(TRADES)], "employer": "晋江某鞋厂" if away else EMPLOYERS[seed % len(EMPLOYERS)]}
    row |= {"job_form": "企业就业" if seed % 4 else "灵活就业", "sector": "第二产业" if seed % 3 else "第三产业"}
    return row | ({"status": "外出", "destination": "厦门市", "reach": "省内市外"} if away else {"status": "已就业"})


def _changes(cast: Cast, code: str) -> None:
    """November: some found work, one went to the army, key groups were tagged."""
    by = cast[f"head:{code}"]
    people = LabourPerson.objects.filter(village=area_of(code))
    seeking = people.filter(statuses__status="unemployed", statuses__until=None).order_by("name", "pk")
    for place, person in enumerate(seeking[:6]):
        if place < 3:
            job = Doing(status="employed", since=date(2025, 11, 3), employer=EMPLOYERS[place], trade=TRADES[place])
            record_status(person_id=person.pk, doing=job, by=by)
        elif place == 3:
            record_status(person_id=person.pk, doing=Doing(status="drafted", since=date(2025, 11, 1)), by=by)
        else:
            record_group(person_id=person.pk, group="hardship", by=by)
    first = seeking.first()
    if first is not None:
        record_group(
            person_id=first.pk, group="hardship", certified=True, on=date(2025, 6, 18), organ="民生保障局",
            number="KN2025-018", by=by,
        )  # fmt: skip
    for person in people.filter(education__in=("20", "30"), birth_month__gte=date(2000, 1, 1))[:3]:
        record_group(person_id=person.pk, group="graduate", by=by)


def _grid(village: Area, number: int) -> None:
    """Two grid workers of annex 3 a village."""
    for seq, duty in enumerate(("网格长", "网格员"), 1):
        phone = mobile(64000 + number * 10 + seq)
        GridWorker.objects.create(
            area=village, seq=seq, name=person_name(3900 + number * 10 + seq), duty=duty, phone=phone,
            phone_index=phone_index(phone), since=date(2025, 1, 1),
        )  # fmt: skip
