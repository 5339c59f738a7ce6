"""The road of each kind of claim."""

from workflows.claims import Claim
from workflows.flows.agency import AgencyFlow
from workflows.flows.ambassador import AmbassadorFlow
from workflows.flows.base import ClaimFlow
from workflows.flows.individual import IndividualFlow
from workflows.flows.platform import PlatformFlow
from workflows.states import Kind

FLOWS: dict[Kind, type[ClaimFlow]] = {
    Kind.AGENCY: AgencyFlow,
    Kind.INDIVIDUAL: IndividualFlow,
    Kind.PLATFORM: PlatformFlow,
    Kind.AMBASSADOR: AmbassadorFlow,
}


def flow_of(claim: Claim) -> ClaimFlow:
    """The claim on the road of its kind."""
    return FLOWS[Kind(claim.kind)](claim)
