"""`manage.py reconcile --json`: is approved = batched = bank = ledger, to the fen. Exit 1 when anything does not balance.

Prints every measure in fen with its sources, the rows that are red and the single faults. Nothing is kept; `--keep`
keeps the result where the finance pages show it, as the daily job does. Exit 2 when the database does not answer.
"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from core.money import yuan
from core.timeline import SYSTEM
from payments.reconciliation import keep, reconcile


class Command(BaseCommand):
    help = "Compare approvals, batches, bank answers and ledger to the fen; exit 1 when anything does not balance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--keep", action="store_true", help="keep the result, as the daily job does")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = keep(SYSTEM).content if options["keep"] else reconcile().as_json()
        except DatabaseError:
            sentence = _("数据库尚未建立或正忙，请先运行 manage.py migrate，或稍后再试。")
            if options["as_json"]:
                self.stdout.write(
                    json.dumps({"refusal": {"code": "database", "message": sentence}}, ensure_ascii=False)
                )
            self.stderr.write(sentence)
            sys.exit(2)
        self.stdout.write(json.dumps(found, ensure_ascii=False) if options["as_json"] else _told(found))
        if not found["balanced"]:
            sys.exit(1)


def _told(found: dict[str, Any]) -> str:
    words = {
        "approved": _("批准"),
        "batched": _("列入批次"),
        "sent": _("已发送"),
        "settled": _("支付成功"),
        "returned": _("退票"),
        "claimed": _("应追回"),
        "recovered": _("追回"),
    }
    lines = [_("对账平衡。") if found["balanced"] else _("发现%(n)d处不平。") % {"n": found["problems"]}]
    for name, word in words.items():
        sides = "　".join(f"{side.removesuffix('_fen')} {yuan(fen)}" for side, fen in found["total"][name].items())
        lines.append(f"{word}\t{sides}")
    lines += [f"{cut}\t{group['key']}" for cut, groups in found["red"].items() for group in groups]
    return "\n".join([*lines, *(one["message"] for one in found["imbalances"])])
