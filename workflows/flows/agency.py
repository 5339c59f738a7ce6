"""机构引进: a licensed agency, workers hired by zone enterprises (notice 一（六）)."""

from workflows.flows.base import ClaimFlow
from workflows.states import Kind


class AgencyFlow(ClaimFlow):
    """The shared road, unchanged."""

    kind = Kind.AGENCY
