"""What must hold whatever happened: people, claims, publicity, records. Each asks in its own words, not the product's."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from core.models import Event
from core.timeline import breaks
from tests.payments.machine.town import Town, counts

Rule = Callable[[Town], list[str]]
RULES: list[Rule] = []
SELDOM: list[Rule] = []  # those that read everything: at intervals
SHRINKING = {"workflows_objectionline", "workflows_countedreferral", "workflows_evidence"}


def must_hold(rule: Rule) -> Rule:
    """Ask it after each step. It answers with what breaks it."""
    RULES.append(rule)
    return rule


def must_hold_at_last(rule: Rule) -> Rule:
    """Ask it at intervals and at the end."""
    SELDOM.append(rule)
    return rule


def rows(sql: str, *params: Any) -> list[str]:
    """The rows of a query that should find nothing, as texts."""
    return [str(row) for row in values(sql, *params)]


def values(sql: str, *params: Any) -> list[Any]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@must_hold
def a_worker_holds_a_slot_once(town: Town) -> list[str]:
    """A worker is live or suspended in one line a slot, and was paid for it in one line."""
    held = "SELECT person_index, slot FROM workflows_claimline WHERE person_index <> '' AND {} GROUP BY 1, 2 HAVING "
    paid = (
        "SELECT l.person_index, l.slot FROM workflows_claimline l JOIN payments_paymentitem i ON i.line_id = l.id "
        "WHERE i.outcome = 'settled' AND l.person_index <> '' GROUP BY 1, 2 HAVING COUNT(*) > 1"
    )
    return rows(held.format("status IN ('live', 'suspended')") + "COUNT(*) > 1") + rows(paid)


@must_hold
def nothing_is_deleted(town: Town) -> list[str]:
    """No table of claims, papers or money ever has fewer rows than before (names of an objection may be set anew)."""
    before, now = town.memory.get("counts", {}), counts()
    town.memory["counts"] = now
    return [table for table, many in before.items() if now[table] < many and table not in SHRINKING]


@must_hold
def one_claim_one_sum(town: Town) -> list[str]:
    """An approved claim is worth its live lines: what the ledger holds for each line, and nothing for any other."""
    return rows(
        """
        SELECT l.id, l.status, l.amount_fen, COALESCE(e.fen, 0) FROM workflows_claimline l
        JOIN workflows_claim c ON c.id = l.claim_id
        LEFT JOIN (SELECT line_id, SUM(amount_fen) AS fen FROM funds_entry
                   WHERE pot NOT IN ('budget', 'available') GROUP BY 1) e ON e.line_id = l.id
        WHERE COALESCE(e.fen, 0) <> CASE WHEN l.status = 'live' AND c.state = 'payable' THEN l.amount_fen ELSE 0 END
        """
    )


@must_hold
def approved_by_a_leader_with_a_fund(town: Town) -> list[str]:
    """Every payable claim passed a section head and a leader, who are two people, and names a fund."""
    return rows(
        """
        SELECT c.number FROM workflows_claim c WHERE c.state = 'payable' AND (c.fund_id IS NULL OR NOT EXISTS (
          SELECT 1 FROM workflows_review s JOIN workflows_review l ON l.claim_id = s.claim_id
          JOIN accounts_post p ON p.id = l.decided_post_id
          WHERE s.claim_id = c.id AND s.step = 'section_review' AND s.outcome = 'passed'
            AND l.step = 'leader_approval' AND l.outcome = 'passed' AND p.role = 'bureau_leader'
            AND l.decided_by_id <> s.decided_by_id))
        """
    )


@must_hold
def nobody_decides_twice_on_a_claim(town: Town) -> list[str]:
    """On one claim nobody is handler, section head and leader at once, nor the claimant's own."""
    duties = (
        "CASE step WHEN 'acceptance' THEN 'bureau' WHEN 'bureau_review' THEN 'bureau' WHEN 'publish' THEN 'bureau' "
        "ELSE step END"
    )
    return rows(
        f"SELECT claim_id, decided_by_id FROM workflows_review WHERE decided_by_id IS NOT NULL "
        f"GROUP BY 1, 2 HAVING COUNT(DISTINCT {duties}) > 1"
    ) + rows(
        "SELECT c.number FROM workflows_claim c JOIN workflows_review r ON r.claim_id = c.id "
        "WHERE r.decided_by_id IN (c.created_by_id, c.claimant_user_id)"
    )


@must_hold
def an_objection_is_heard_by_two(town: Town) -> list[str]:
    """Who investigated or took an objection in did not decide it."""
    return rows(
        "SELECT number FROM workflows_objection WHERE outcome IN ('upheld', 'dismissed') AND (investigated_by_id IS NULL "
        "OR decided_by_id IN (investigated_by_id, COALESCE(recorded_by_id, -1)))"
    )


@must_hold
def numbers_have_no_gaps(town: Town) -> list[str]:
    """Claims, batches, notices, objections and cases are numbered from 1 without a gap, year by year."""
    numbered = (
        ("workflows_claim", "SUBSTR(number, 4, 4)", "SUBSTR(number, 13)"),
        ("payments_batch", "SUBSTR(number, 4, 4)", "SUBSTR(number, 9)"),
        ("workflows_notice", "SUBSTR(number, 4, 4)", "SUBSTR(number, 9)"),
        ("workflows_objection", "SUBSTR(number, 4, 4)", "SUBSTR(number, 9)"),
        ("payments_recoverycase", "SUBSTR(number, 4, 4)", "SUBSTR(number, 9)"),
    )
    found = []
    for table, year, last in numbered:
        found += rows(
            f"SELECT '{table}', {year}, COUNT(*), MAX(CAST({last} AS INTEGER)) FROM {table} WHERE number IS NOT NULL "
            f"GROUP BY 2 HAVING COUNT(*) <> MAX(CAST({last} AS INTEGER)) OR MIN(CAST({last} AS INTEGER)) <> 1"
        )
    return found


@must_hold
def entered_after_its_publicity(town: Town) -> list[str]:
    """A line enters a batch after the last day of its claim's notice, and after its village's board."""
    return rows(
        """
        SELECT i.id FROM payments_paymentitem i JOIN workflows_noticeentry e ON e.claim_id = i.claim_id
        JOIN workflows_notice n ON n.id = e.notice_id
        WHERE e.id = (SELECT MAX(id) FROM workflows_noticeentry x WHERE x.claim_id = i.claim_id)
          AND (n.closes_on >= i.entered_on OR EXISTS (
            SELECT 1 FROM workflows_boardposting b JOIN workflows_claimline l ON l.verify_area_id = b.area_id
            WHERE b.notice_id = n.id AND l.id = i.line_id AND b.waived_at IS NULL
              AND (b.until IS NULL OR b.until >= i.entered_on)))
        UNION SELECT i.id FROM payments_paymentitem i
        WHERE NOT EXISTS (SELECT 1 FROM workflows_noticeentry e WHERE e.claim_id = i.claim_id)
        """
    )


@must_hold
def nothing_sealed_under_an_objection(town: Town) -> list[str]:
    """A line that an open objection names is in no sealed batch, and none was sealed while one named it."""
    live = rows(
        """
        SELECT o.number, i.id FROM workflows_objection o JOIN workflows_objectionline x ON x.objection_id = o.id
        JOIN payments_paymentitem i ON i.line_id = x.line_id AND i.live AND i.transfer_id IS NOT NULL
        WHERE o.outcome = ''
        """
    )
    return live + _sealed_while_objected(town)


def _sealed_while_objected(town: Town) -> list[str]:
    """By the order of events, which no clock can shuffle: what each sealing, new since last time, came in between."""
    after = town.memory.get("last seal", 0)
    found = []
    for seal in Event.objects.filter(verb="release_batch", pk__gt=after).order_by("pk"):
        town.memory["last seal"] = seal.pk
        claims = values(
            "SELECT DISTINCT claim_id FROM payments_paymentitem WHERE batch_id = %s AND transfer_id IS NOT NULL",
            int(seal.chain.split(":")[1]),
        )
        for (claim,) in claims:
            chain = Event.objects.filter(chain=f"claim:{claim}", pk__lt=seal.pk)
            over = {event.data["objection"] for event in chain.filter(verb="end_objection")}
            whole = {e.data["objection"] for e in chain.filter(verb="object") if not e.data["lines"]}
            found += [f"{number} open at {seal.chain}" for number in whole - over if not _narrowed(number)]
    return found


def _narrowed(number: str) -> bool:
    """Whether the investigation has named lines of an objection that named none."""
    return bool(
        values(
            "SELECT 1 FROM workflows_objectionline x JOIN workflows_objection o ON o.id = x.objection_id "
            "WHERE o.number = %s",
            number,
        )
    )


@must_hold_at_last
def the_record_holds(town: Town) -> list[str]:
    """Every chain of events is whole, and so are the signed days."""
    return [str(broken) for broken in breaks()]


@must_hold_at_last
def nothing_personal_in_the_record(town: Town) -> list[str]:
    """No event holds a number long enough to be a document, a phone or an account."""
    return rows(
        "SELECT id, verb FROM core_event WHERE verb <> 'x' AND data REGEXP '(^|[^0-9a-fA-F-])[0-9]{11,}([^0-9a-fA-F-]|$)'"
    )
