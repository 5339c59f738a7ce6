"""用工调剂: a platform, workers lent between enterprises (notice 一（四）)."""

from workflows.flows.base import ClaimFlow
from workflows.states import Kind


class PlatformFlow(ClaimFlow):
    """The shared road, unchanged."""

    kind = Kind.PLATFORM
