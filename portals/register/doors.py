"""Who opens the register's pages. Whose people he sees there is the question of `registry.labour.access`."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from portals.shared.access import View, for_roles
from registry.labour.access import READERS

Door = Callable[[View], View]
readers: Door = for_roles(
    READERS,
    _("劳动力信息库供村（社区）、乡镇、民生保障局和审计岗位使用，请切换岗位。"),  # type: ignore[arg-type]
)
