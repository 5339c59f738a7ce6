"""What must hold of money: batches, transfers, answers, accounts, recoveries, and the books over all of them."""

from hashlib import sha256

from documents.files import read
from funds.ledger import prove
from payments.differences import find
from payments.models import SEALED_STATES, Batch, PaymentFile, Transfer
from payments.reconciliation import reconcile
from tests.payments.machine.holding import must_hold, must_hold_at_last, rows, values
from tests.payments.machine.town import Town

SEALED = ", ".join(f"'{state}'" for state in SEALED_STATES)


@must_hold
def paid_within_approved_within_claimed(town: Town) -> list[str]:
    """Of each line: what was paid or set off is not above what the ledger reserved, nor that above what was filed."""
    return rows(
        """
        SELECT l.id FROM workflows_claimline l WHERE
          COALESCE((SELECT SUM(amount_fen) FROM payments_paymentitem WHERE line_id = l.id AND outcome = 'settled'), 0)
          + COALESCE((SELECT SUM(amount_fen) FROM payments_offsetline WHERE line_id = l.id), 0)
          > COALESCE((SELECT SUM(CASE v.movement WHEN 'reserved' THEN p.amount_fen ELSE -p.amount_fen END)
                      FROM funds_posting p JOIN funds_voucher v ON v.id = p.voucher_id
                      WHERE p.line_id = l.id AND v.movement IN ('reserved', 'released')), 0)
          OR COALESCE((SELECT SUM(amount_fen) FROM payments_paymentitem WHERE line_id = l.id AND live), 0) > l.amount_fen
        """
    ) + rows(
        """
        SELECT a.claim_id FROM workflows_assessmentrecord a WHERE a.stage = 'approved' AND a.total_fen > (
          SELECT MAX(f.total_fen) FROM workflows_assessmentrecord f
          WHERE f.claim_id = a.claim_id AND f.stage IN ('filed', 'corrected'))
          AND NOT EXISTS (SELECT 1 FROM workflows_decision d WHERE d.claim_id = a.claim_id AND d.verb = 'resolve_clash')
        """
    )


@must_hold
def a_line_is_in_one_live_item(town: Town) -> list[str]:
    """No line stands in two live items, nor in a live one after it was set off, nor is one live of a line that is gone."""
    return rows("SELECT line_id FROM payments_paymentitem WHERE live GROUP BY 1 HAVING COUNT(*) > 1") + rows(
        "SELECT i.id FROM payments_paymentitem i JOIN workflows_claimline l ON l.id = i.line_id WHERE i.live AND "
        "(l.status <> 'live' OR EXISTS (SELECT 1 FROM payments_offsetline o WHERE o.line_id = l.id))"
    )


@must_hold
def a_batch_is_the_sum_of_its_parts(town: Town) -> list[str]:
    """A sealed batch's count and total are its transfers', and each transfer's are its items'."""
    return rows(
        """
        SELECT b.number FROM payments_batch b WHERE b.sha256 <> '' AND (
          b.total_fen <> (SELECT SUM(amount_fen) FROM payments_transfer t WHERE t.batch_id = b.id)
          OR b.count <> (SELECT SUM(count) FROM payments_transfer t WHERE t.batch_id = b.id)
          OR b.total_fen <> (SELECT SUM(amount_fen) FROM payments_paymentitem i
                             WHERE i.batch_id = b.id AND i.transfer_id IS NOT NULL))
        """
    ) + rows(
        """
        SELECT t.reference FROM payments_transfer t WHERE
          t.amount_fen <> (SELECT SUM(amount_fen) FROM payments_paymentitem i WHERE i.transfer_id = t.id)
          OR t.count <> (SELECT COUNT(*) FROM payments_paymentitem i WHERE i.transfer_id = t.id)
          OR EXISTS (SELECT 1 FROM payments_paymentitem i WHERE i.transfer_id = t.id AND (
            i.outcome <> t.outcome OR i.account_id <> t.account_id OR i.batch_id <> t.batch_id))
        """
    )


@must_hold
def three_officers_and_a_fourth(town: Town) -> list[str]:
    """Who opened, made, checked and released a batch are four people; none of them is on the side it pays."""
    return rows(
        """
        SELECT number FROM payments_batch WHERE made_by_id IN (opened_by_id, checked_by_id, released_by_id)
          OR checked_by_id IN (opened_by_id, released_by_id) OR released_by_id = opened_by_id
        """
    ) + rows(
        """
        SELECT b.number FROM payments_batch b JOIN payments_paymentitem i ON i.batch_id = b.id
        JOIN workflows_claim c ON c.id = i.claim_id WHERE c.created_by_id IN (b.made_by_id, b.checked_by_id, b.released_by_id)
        """
    )


@must_hold
def a_batch_pays_from_its_own_fund(town: Town) -> list[str]:
    """What waits in a batch is of a claim that the same fund pays, to the claimant's own account."""
    return rows(
        """
        SELECT i.id FROM payments_paymentitem i JOIN payments_batch b ON b.id = i.batch_id
        JOIN workflows_claim c ON c.id = i.claim_id JOIN registry_bankaccount a ON a.id = i.account_id
        WHERE i.live AND ((i.outcome IN ('pending', 'unknown') AND c.fund_id <> b.fund_id)
          OR a.organisation_id IS DISTINCT FROM c.claimant_org_id OR a.user_id IS DISTINCT FROM c.claimant_user_id)
        """
    )


@must_hold
def what_is_sealed_stays(town: Town) -> list[str]:
    """The bytes of a seal and of every payment file hash to what was noted, now as when they were first seen."""
    seen: dict[str, str] = town.memory.setdefault("sealed", {})
    found = []
    for batch in Batch.objects.exclude(sha256="").select_related("file"):
        found += _same(seen, batch.number, batch.sha256, f"{batch.count}/{batch.total_fen}", batch.file)
    for made in PaymentFile.objects.select_related("file"):
        found += _same(seen, f"file:{made.pk}", made.sha256, f"{made.count}/{made.total_fen}", made.file)
    return found


def _same(seen: dict[str, str], name: str, noted: str, figures: str, file: object) -> list[str]:
    told = f"{noted} {figures}"
    if name not in seen and sha256(read(file)).hexdigest() != noted:
        return [f"{name}: other bytes"]
    return [] if seen.setdefault(name, told) == told else [f"{name}: {seen[name]} became {told}"]


@must_hold
def an_answer_is_final_and_unknown_waits(town: Town) -> list[str]:
    """Paid and returned never change; unknown becomes one of them or stays; nothing unsent has an answer."""
    before: dict[int, str] = town.memory.get("outcomes", {})
    now = dict(Transfer.objects.values_list("pk", "outcome"))
    town.memory["outcomes"] = now
    allowed = {"pending": {"settled", "returned", "unknown", "withdrawn"}, "unknown": {"settled", "returned"}}
    found = [
        f"transfer {pk}: {was} became {now[pk]}"
        for pk, was in before.items()
        if now[pk] != was and now[pk] not in allowed.get(was, set())
    ]
    return found + rows(
        "SELECT t.reference FROM payments_transfer t JOIN payments_batch b ON b.id = t.batch_id "
        "WHERE (b.state IN ('opened', 'drafted', 'checked', 'sealed') AND t.outcome <> 'pending') "
        "OR (b.state = 'cancelled' AND t.outcome <> 'withdrawn')"
    )


@must_hold
def a_closed_batch_is_answered(town: Town) -> list[str]:
    """A batch is closed exactly when every transfer is paid or returned, and answered when some are not."""
    return rows(
        """
        SELECT b.number, b.state FROM payments_batch b WHERE b.state IN ('sent', 'answered', 'closed')
          AND (b.state = 'closed') = EXISTS (
            SELECT 1 FROM payments_transfer t WHERE t.batch_id = b.id AND t.outcome IN ('pending', 'unknown'))
        """
    )


@must_hold
def only_what_was_returned_is_paid_again(town: Town) -> list[str]:
    """A transfer after a return names it, pays nothing else, to an account that two people confirmed; once."""
    return (
        rows(
            """
        SELECT t.reference FROM payments_transfer t JOIN payments_transfer r ON r.id = t.reissue_of_id
        WHERE r.outcome <> 'returned' OR EXISTS (
          SELECT 1 FROM payments_paymentitem i WHERE i.transfer_id = t.id AND i.line_id NOT IN (
            SELECT line_id FROM payments_paymentitem x WHERE x.transfer_id = r.id))
        """
        )
        + rows(
            """
        SELECT i.id FROM payments_paymentitem i JOIN payments_transfer t ON t.id = i.transfer_id
        WHERE t.reissue_of_id IS NULL AND EXISTS (
          SELECT 1 FROM payments_paymentitem x WHERE x.line_id = i.line_id AND x.outcome = 'returned' AND x.id < i.id)
        """
        )
        + rows(
            """
        SELECT t.reference FROM payments_transfer t JOIN payments_transfer r ON r.id = t.reissue_of_id
        WHERE t.outcome <> 'withdrawn' AND NOT EXISTS (
          SELECT 1 FROM payments_accountchange c WHERE c.account_id = r.account_id AND c.state = 'confirmed'
            AND c.decided_by_id <> c.proposed_by_id)
        """
        )
    )


@must_hold
def an_answer_is_borne_out_once(town: Town) -> list[str]:
    """Of a transfer at most one row of an answer file was booked for each outcome, with the sealed amount."""
    return (
        rows(
            "SELECT transfer_id, outcome FROM payments_resultrow r LEFT JOIN payments_settlement s ON s.row_id = r.id "
            "WHERE r.verdict = 'booked' OR s.kind = 'booked' GROUP BY 1, 2 HAVING COUNT(*) > 1"
        )
        + rows(
            "SELECT r.id FROM payments_resultrow r JOIN payments_transfer t ON t.id = r.transfer_id "
            "LEFT JOIN payments_settlement s ON s.row_id = r.id "
            "WHERE (r.verdict = 'booked' OR s.kind = 'booked') AND r.amount_fen <> t.amount_fen"
        )
        + rows(
            "SELECT s.id FROM payments_settlement s JOIN payments_resultrow r ON r.id = s.row_id "
            "JOIN payments_resultfile f ON f.id = r.result_file_id WHERE s.by_id = f.imported_by_id"
        )
    )


@must_hold
def the_ledger_is_zero(town: Town) -> list[str]:
    """All entries sum to zero, and so does every voucher; its postings are its count and its total."""
    return rows("SELECT SUM(amount_fen) FROM funds_entry HAVING SUM(amount_fen) <> 0") + rows(
        "SELECT v.id FROM funds_voucher v JOIN funds_posting p ON p.voucher_id = v.id "
        "GROUP BY v.id, v.count, v.total_fen HAVING COUNT(*) <> v.count OR SUM(p.amount_fen) <> v.total_fen"
    )


@must_hold
def a_fund_is_never_overdrawn(town: Town) -> list[str]:
    """What a fund gave out lies within its 指标, and each pot within that."""
    return rows(
        """
        SELECT id FROM funds_fundsource WHERE reserved_fen > amount_fen OR MIN(reserved_fen, payable_fen, batched_fen,
          paid_fen, claimed_fen, recovered_fen, written_off_fen) < 0 OR payable_fen + batched_fen + paid_fen
          + claimed_fen + recovered_fen + written_off_fen > reserved_fen
        """
    )


@must_hold
def an_account_is_changed_by_two(town: Town) -> list[str]:
    """Who entered a corrected account did not confirm it, and it is the same owner's."""
    return rows(
        """
        SELECT c.id FROM payments_accountchange c LEFT JOIN registry_bankaccount n ON n.id = c.replacement_id
        JOIN registry_bankaccount o ON o.id = c.account_id
        WHERE c.decided_by_id = c.proposed_by_id OR (n.id IS NOT NULL AND (
          n.organisation_id IS DISTINCT FROM o.organisation_id OR n.user_id IS DISTINCT FROM o.user_id))
        """
    )


@must_hold
def what_is_on_its_way_is_in_the_ledger(town: Town) -> list[str]:
    """A line's money is with the bank exactly while its item waits there, and paid out exactly when it was."""
    return rows(
        f"""
        SELECT l.id, e.batched, e.out FROM workflows_claimline l JOIN (
          SELECT line_id, SUM(CASE pot WHEN 'batched' THEN amount_fen ELSE 0 END) AS batched,
            SUM(CASE WHEN pot IN ('paid', 'claimed', 'recovered', 'written_off') THEN amount_fen ELSE 0 END) AS out
          FROM funds_entry WHERE line_id IS NOT NULL GROUP BY 1) e ON e.line_id = l.id
        WHERE e.batched <> COALESCE((
            SELECT SUM(i.amount_fen) FROM payments_paymentitem i JOIN payments_batch b ON b.id = i.batch_id
            WHERE i.line_id = l.id AND i.outcome IN ('pending', 'unknown') AND b.state IN ({SEALED})), 0)
          OR e.out <> COALESCE((
            SELECT SUM(i.amount_fen) FROM payments_paymentitem i WHERE i.line_id = l.id AND i.outcome = 'settled'), 0)
            + COALESCE((SELECT SUM(o.amount_fen) FROM payments_offsetline o WHERE o.line_id = l.id), 0)
        """
    )


@must_hold_at_last
def the_proof_finds_nothing(town: Town) -> list[str]:
    """The ledger's own proof, and the reconciliation's single questions, line by line and transfer by transfer."""
    return [one.message for one in [*prove(), *find()]]


@must_hold_at_last
def the_reconciliation_balances(town: Town) -> list[str]:
    """No row of it is red, by whatever it is cut."""
    done = reconcile()
    return (
        []
        if done.balanced
        else [f"{cut}: {group.label} {group.measures}" for cut, g in done.red.items() for group in g]
    )


def figures() -> dict[str, int]:
    """How far a life came: what was paid, returned, recovered and set off, in fen."""
    asked = {
        "paid": "SELECT COALESCE(SUM(amount_fen), 0) FROM payments_paymentitem WHERE outcome = 'settled'",
        "returned": "SELECT COALESCE(SUM(amount_fen), 0) FROM payments_paymentitem WHERE outcome = 'returned'",
        "back": "SELECT COALESCE(SUM(amount_fen), 0) FROM payments_repayment",
        "kept": "SELECT COALESCE(SUM(amount_fen), 0) FROM payments_offsetline",
    }
    return {name: int(values(sql)[0][0]) for name, sql in asked.items()}
