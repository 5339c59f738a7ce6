"""What WeasyPrint imports and papers never use, read only when it is asked for.

HarfBuzz cuts the fonts of a PDF; WeasyPrint also imports fontTools' own cutter and the maker of fixed faces out of
variable ones, 13 MB of a worker's memory. While it is imported these two have stand-ins that fetch the real ones at
the first use; nobody else ever sees a stand-in.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

LATE = {"fontTools.subset": (), "fontTools.varLib.instancer": ("instantiateVariableFont",)}  # and functions taken out


class StandIn(ModuleType):
    """Answers with what the module of its name has, once anybody asks."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # questions of the import itself
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


def _function(module: str, name: str) -> Callable[..., Any]:
    return lambda *given, **named: getattr(import_module(module), name)(*given, **named)


@contextmanager
def _stand_ins() -> Iterator[None]:
    names = [name for name in LATE if name not in sys.modules]
    for name in names:
        sys.modules[name] = stand_in = StandIn(name)
        vars(stand_in).update({function: _function(name, function) for function in LATE[name]})
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


with _stand_ins():
    import weasyprint

__all__ = ["weasyprint"]
