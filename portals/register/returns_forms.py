"""What a village says of somebody on the month's list."""

from collections.abc import Mapping

from core import clock
from registry.labour.commands import Doing

LENGTHS = {"employer": 120, "trade": 60, "wanted_trade": 60, "destination": 120, "reach": 8, "note": 200}


def doing_in(data: Mapping[str, str]) -> Doing:
    """What somebody does from today on; whether it is known is the command's question."""
    said = {name: str(data.get(name, "")).strip()[:most] for name, most in LENGTHS.items()}
    return Doing(status=str(data["status"])[:12], since=clock.today(), **said)
