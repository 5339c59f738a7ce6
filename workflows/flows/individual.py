"""个人引进: a person, workers hired by zone enterprises (notice 一（六）)."""

from workflows.flows.base import ClaimFlow
from workflows.states import Kind


class IndividualFlow(ClaimFlow):
    """The shared road, unchanged."""

    kind = Kind.INDIVIDUAL
