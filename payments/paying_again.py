"""Paying returned transfers again: all that is still owed of each goes into one opened batch, which links back to them."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.acting import Actor
from core.errors import Refusal
from payments.access import ROLES, BatchVerb
from payments.batches import draft_batch
from payments.models import Batch, BatchState
from payments.reissue import returned_transfers_open, still_owed


def reissue(*, transfer_ids: Collection[int], batch_id: int, by: Actor) -> Batch:
    """Draft an opened batch of what the chosen returned transfers still owe; all or nothing.

    At sealing each becomes a transfer of its own with `reissue_of`. Refuses `nothing_selected`, `transfer_not_returned`
    and what `draft_batch` refuses, among it `account_not_mended`.
    """
    chosen = set(transfer_ids)
    if not chosen:
        raise Refusal("nothing_selected", _("请先选择要重新拨付的退票。"))
    if returned_transfers_open().filter(pk__in=chosen).count() != len(chosen):
        raise Refusal("transfer_not_returned", _("所选的退票有的已重新拨付，请刷新页面后重新选择。"))
    lines = set(still_owed(transfer__in=chosen).values_list("line_id", flat=True))
    return draft_batch(batch_id=batch_id, line_ids=lines, by=by)


def opened_for(by: Actor) -> list[Batch]:
    """The opened batches that the actor may draft; none for other posts."""
    if by.role not in ROLES[BatchVerb.DRAFT]:
        return []
    return list(Batch.objects.filter(state=BatchState.OPENED).select_related("fund").order_by("pk"))
