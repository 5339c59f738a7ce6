"""Evidence of a claim: added by its own side while it is open, replaced but never deleted once filed."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from core.timeline import record
from documents.files import accept_upload
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.corrections import note_change, require_part
from workflows.drafts import editable
from workflows.states import ClaimState


def add_evidence(
    *, claim_id: int, by: Actor, kind: str, data: bytes, name: str, line_id: UUID | None = None
) -> Evidence:
    """Store a file as evidence of the claim, or of one line; the same bytes twice are one."""
    if kind not in Evidence.Kind.values:
        raise Refusal("evidence_kind", _("请选择材料类别。"))
    file = accept_upload(data=data, name=name, by_id=by.user_id)
    with transaction.atomic():
        claim = editable(claim_id, by)
        correction = require_part(claim, line_id=line_id, evidence=kind)
        if line_id and not ClaimLine.objects.filter(claim=claim, pk=line_id).exists():
            raise Refusal("line_unknown", _("找不到该人员，可能已被移除，请刷新页面。"))
        there = Evidence.objects.filter(claim=claim, line=line_id, kind=kind, replaced_at=None)
        if same := there.filter(file__sha256=file.sha256).first():
            return same  # a second click, or the same scan again
        evidence = Evidence.objects.create(
            claim=claim, line_id=line_id, kind=kind, file=file, added_by=by.user, added_at=clock.now()
        )
        note_change(
            correction,
            line=line_id,
            name=f"evidence:{kind}",
            before=None,
            after=file.sha256[:12],
        )
        _touch(claim)
        if claim.state != ClaimState.DRAFT:
            record(claim.chain, "evidence", by=by, data={"evidence": evidence.pk, "kind": kind, "sha256": file.sha256})
    return evidence


def remove_evidence(*, evidence_id: int, by: Actor) -> Evidence:
    """Take a file off the claim; the row stays with its moment."""
    claim_id = Evidence.objects.filter(pk=evidence_id).values_list("claim_id", flat=True).first()
    if claim_id is None:
        raise Refusal("evidence_unknown", _("找不到该材料，可能已被移除，请刷新页面。"))
    with transaction.atomic():
        claim = editable(claim_id, by)
        evidence = Evidence.objects.select_related("file").get(pk=evidence_id)
        correction = require_part(claim, line_id=evidence.line_id, evidence=evidence.kind)
        if evidence.replaced_at is None:
            evidence.replaced_at = clock.now()
            evidence.save(update_fields=["replaced_at"])
            note_change(
                correction,
                line=evidence.line_id,
                name=f"evidence:{evidence.kind}",
                before=evidence.file.sha256[:12],
                after=None,
            )
        _touch(claim)
    return evidence


def _touch(claim: Claim) -> None:
    claim.saved_at = clock.now()
    claim.save(update_fields=["saved_at"])
