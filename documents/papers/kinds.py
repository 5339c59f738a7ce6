"""Which content belongs to which kind of paper."""

from documents.models import Paper
from documents.papers.approval import ApprovalContent
from documents.papers.certificate import CertificateContent
from documents.papers.content import Content
from documents.papers.correction import CorrectionContent
from documents.papers.deduction import DeductionContent
from documents.papers.objection import ObjectionContent
from documents.papers.payment import PaymentContent
from documents.papers.publicity import PublicityContent
from documents.papers.recovery import RecoveryContent
from documents.papers.refusal import RefusalContent
from documents.papers.roster import RosterContent
from documents.papers.summary import SummaryContent
from documents.papers.township_check import TownshipCheckContent
from documents.papers.village_check import VillageCheckContent

CONTENTS: dict[str, type[Content]] = {
    content.KIND: content
    for content in (
        ApprovalContent,
        PublicityContent,
        CertificateContent,
        PaymentContent,
        RefusalContent,
        DeductionContent,
        CorrectionContent,
        RosterContent,
        SummaryContent,
        VillageCheckContent,
        TownshipCheckContent,
        ObjectionContent,
        RecoveryContent,
    )
}


def content_class(kind: str) -> type[Content]:
    """The dataclass of a kind of paper."""
    return CONTENTS[Paper.Kind(kind)]
