"""`manage.py export_annex 1|2|3 AREA OUT.xlsx`: an annex in the official layout. AREA is a division code or a name.

Exit 2 with one sentence when it cannot be written.
"""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, transaction
from django.db.models import Q

from accounts.models import Area
from core.errors import Refusal
from documents.annexes.exporting import export_annex, note


class Command(BaseCommand):
    help = "Write annex 1, 2 or 3 of a village, a town or the zone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("annex", type=int, choices=[1, 2, 3])
        parser.add_argument("area", help="division code or name; zone for the whole zone")
        parser.add_argument("out", type=Path)

    def handle(self, *args: Any, annex: int, area: str, out: Path, **options: Any) -> None:
        try:
            found = Area.objects.filter(Q(code=area) | Q(name=area) | Q(path=area)).order_by("path").first()
            if found is None:
                raise Refusal("area_unknown", f"没有名称或区划代码为“{area}”的村、乡镇，请核对。")
            data, people = export_annex(annex=annex, area=found)
            out.write_bytes(data)
            with transaction.atomic():
                note(annex, found, people, None)
        except Refusal as refusal:
            self._leave(refusal.message)
        except OSError as error:
            self._leave(f"无法写入文件：{error.strerror}。")
        except DatabaseError:
            self._leave("数据库尚未建立，请先运行 bin/demo 或 manage.py migrate。")
        else:
            self.stdout.write(f"{found.name} 附件{annex} {people}人")

    def _leave(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
