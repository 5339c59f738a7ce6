"""What must hold of recoveries: cases, their lines, instalments, set-offs, and who did what."""

from tests.payments.machine.holding import must_hold, rows
from tests.payments.machine.town import Town


@must_hold
def recovered_within_paid(town: Town) -> list[str]:
    """No more is asked back of a payment than was paid; a case's lines, its repayments and its balance agree."""
    return rows(
        """
        SELECT i.id FROM payments_paymentitem i JOIN payments_recoveryline r ON r.item_id = i.id
        JOIN payments_recoverycase c ON c.id = r.case_id
        GROUP BY i.id, i.amount_fen, i.outcome HAVING i.outcome <> 'settled' OR SUM(
          CASE c.state WHEN 'rejected' THEN 0 WHEN 'lifted' THEN r.back_fen ELSE r.amount_fen END) > i.amount_fen
        """
    ) + rows(
        """
        SELECT c.number FROM payments_recoverycase c WHERE
          c.amount_fen <> (SELECT SUM(amount_fen) FROM payments_recoveryline r WHERE r.case_id = c.id)
          OR c.back_fen <> (SELECT SUM(back_fen) FROM payments_recoveryline r WHERE r.case_id = c.id)
          OR c.back_fen <> COALESCE((SELECT SUM(amount_fen) FROM payments_repayment p WHERE p.case_id = c.id), 0)
          OR (c.state = 'closed') <> (c.back_fen = c.amount_fen)
        """
    )


@must_hold
def debts_by_the_right_hands(town: Town) -> list[str]:
    """Set off by the leader, written off by finance's approver, decided by another than who opened the case."""
    return rows(
        """
        SELECT r.id FROM payments_repayment r JOIN accounts_post p ON p.id = r.post_id
        JOIN payments_recoverycase c ON c.id = r.case_id
        WHERE p.role NOT IN ('bureau_leader', 'finance_maker', 'finance_checker', 'finance_approver')
          OR (r.kind = 'offset') <> (p.role = 'bureau_leader')
          OR (r.kind = 'written_off') <> (p.role = 'finance_approver')
          OR r.by_id = c.opened_by_id OR (r.kind = 'written_off' AND r.by_id = c.decided_by_id)
        """
    ) + rows("SELECT number FROM payments_recoverycase WHERE decided_by_id = opened_by_id")


@must_hold
def nothing_set_off_under_an_objection(town: Town) -> list[str]:
    """A line that was kept back for a debt is named by no open objection."""
    return rows(
        "SELECT o.id FROM payments_offsetline o JOIN workflows_objectionline x ON x.line_id = o.line_id "
        "JOIN workflows_objection b ON b.id = x.objection_id WHERE b.outcome = ''"
    )


@must_hold
def lifted_by_another(town: Town) -> list[str]:
    """A recovery is lifted by a leader who neither opened nor ordered it; the ledger then claims nothing of it."""
    return rows(
        """
        SELECT c.number FROM payments_recoverycase c LEFT JOIN accounts_post p ON p.id = c.lifted_post_id
        WHERE c.state = 'lifted' AND (p.role <> 'bureau_leader' OR c.lifted_by_id IN (c.opened_by_id, c.decided_by_id)
          OR 0 <> (SELECT SUM(CASE v.movement WHEN 'recovery_claimed' THEN s.amount_fen ELSE -s.amount_fen END)
                   FROM funds_posting s JOIN funds_voucher v ON v.id = s.voucher_id
                   WHERE v."case" = c.number AND (v.put_into = 'claimed' OR v.taken_from = 'claimed')))
        """
    )


@must_hold
def a_set_off_is_whole(town: Town) -> list[str]:
    """The lines kept back for a debt are worth what was set off, and are the same payee's."""
    return rows(
        """
        SELECT r.id FROM payments_repayment r JOIN payments_recoverycase k ON k.id = r.case_id
        JOIN workflows_claim a ON a.id = k.claim_id LEFT JOIN workflows_claim b ON b.id = r.against_id
        WHERE r.kind = 'offset' AND (
          r.amount_fen <> (SELECT SUM(o.amount_fen) FROM payments_offsetline o WHERE o.repayment_id = r.id)
          OR a.claimant_org_id IS DISTINCT FROM b.claimant_org_id
          OR a.claimant_user_id IS DISTINCT FROM b.claimant_user_id)
        """
    )


@must_hold
def instalments_cover_the_debt(town: Town) -> list[str]:
    """A plan is worth what was owed when it was made, so never more than the case."""
    return rows(
        "SELECT i.case_id, i.round FROM payments_instalment i JOIN payments_recoverycase c ON c.id = i.case_id "
        "GROUP BY 1, 2, c.amount_fen HAVING SUM(i.amount_fen) > c.amount_fen"
    )
