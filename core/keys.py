"""Keys that other packages need beside the key ring: each registers how its own are made (`manage.py make_keys`)."""

from collections.abc import Callable

MAKERS: list[Callable[[], str]] = []  # each makes its keys once and says in a sentence what it did
