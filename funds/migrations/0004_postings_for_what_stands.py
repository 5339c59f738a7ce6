"""Postings for what stood before there was a ledger: budgets, approved lines, sealed and answered payments."""

from collections import defaultdict

from django.db import migrations

from core import clock

BY = "系统（账簿启用）"
SEALED = ("sealed", "sent", "answered", "closed")


def open_the_ledger(apps, schema_editor):
    """One voucher a fund's budget, two a claim approved, and for each sealed batch what became of its lines.

    Only lines that stand are posted: one annulled before today had given its money back. Reads columns by name, so that
    it does not matter how far the other packages have come.
    """
    FundSource = apps.get_model("funds", "FundSource")
    for fund in FundSource.objects.order_by("pk"):
        if fund.amount_fen <= 0:
            continue
        vouchers = [(clock.now(), 0, voucher(fund, "appropriated", "budget", "available", [(None, None, "", fund.amount_fen)]))]
        lines, approved = approved_lines(apps, fund)
        vouchers += approved
        answered, sums = batched(apps, fund, lines)
        vouchers += answered
        first = min(at for at, _n, _v in vouchers)
        vouchers[0] = (first, -1, vouchers[0][2])
        total = sum(share[3] for share in lines.values())
        if total > fund.reserved_fen:
            raise RuntimeError(f"Fund {fund.pk}: approved lines are worth {total} fen, reserved are {fund.reserved_fen}.")
        for at, _order, (head, rows) in sorted(vouchers, key=lambda item: item[:2]):
            write(apps, fund, at, head, rows)
        fund.batched_fen, fund.paid_fen = sums["batched"], sums["paid"]
        fund.payable_fen = total - fund.batched_fen - fund.paid_fen
        fund.save(update_fields=["payable_fen", "batched_fen", "paid_fen"])


def voucher(fund, movement, taken_from, put_into, shares, batch=""):
    return {"movement": movement, "taken_from": taken_from, "put_into": put_into, "batch": batch}, shares


def approved_lines(apps, fund):
    """The live lines of the claims approved on the fund, by line; and their vouchers, a claim at a time."""
    Line = apps.get_model("workflows", "ClaimLine")
    live = Line.objects.filter(claim__fund=fund.pk, claim__state__in=["payable", "awarded"], status="live", amount_fen__gt=0)
    fields = ("pk", "claim_id", "amount_fen", "claim__claimant_org_id", "claim__claimant_user_id", "claim__approved_at")
    shares, claims, moments = {}, defaultdict(list), {}
    for pk, claim_id, fen, org, user, at in live.order_by("claim_id", "seq").values_list(*fields):
        shares[pk] = (claim_id, pk, f"org:{org}" if org else f"user:{user}", fen)
        claims[claim_id].append(shares[pk])
        moments[claim_id] = at or clock.now()
    vouchers = []
    for claim_id, rows in claims.items():
        vouchers.append((moments[claim_id], 1, voucher(fund, "reserved", "available", "reserved", rows)))
        vouchers.append((moments[claim_id], 2, voucher(fund, "payable", "reserved", "payable", rows)))
    return shares, vouchers


def batched(apps, fund, lines):
    """The vouchers of the fund's sealed batches and of what the bank answered, and the sums now with it and paid."""
    Item = apps.get_model("payments", "PaymentItem")
    items = Item.objects.filter(batch__fund=fund.pk, batch__state__in=SEALED).exclude(live=False, outcome="pending")
    fields = ("line_id", "batch__number", "batch__released_at", "outcome", "answered_at")
    entered, settled, returned = defaultdict(list), defaultdict(list), defaultdict(list)
    sums = {"batched": 0, "paid": 0}
    for line, number, sealed_at, outcome, answered_at in items.order_by("pk").values_list(*fields):
        if line not in lines or outcome == "withdrawn":
            continue
        entered[number].append((sealed_at, lines[line]))
        if outcome in ("paid", "settled"):
            settled[number].append((answered_at or sealed_at, lines[line]))
            sums["paid"] += lines[line][3]
        elif outcome == "returned":
            returned[number].append((answered_at or sealed_at, lines[line]))
        else:
            sums["batched"] += lines[line][3]
    vouchers = [
        (max(at for at, _ in rows), order, voucher(fund, movement, taken_from, put_into, [row for _, row in rows], number))
        for order, found, movement, taken_from, put_into in (
            (3, entered, "batched", "payable", "batched"),
            (4, settled, "settled", "batched", "paid"),
            (4, returned, "returned", "batched", "payable"),
        )
        for number, rows in found.items()
    ]
    return vouchers, sums


def write(apps, fund, at, head, rows):
    Voucher, Posting = apps.get_model("funds", "Voucher"), apps.get_model("funds", "Posting")
    total = sum(row[3] for row in rows)
    made = Voucher.objects.create(
        fund_id=fund.pk, count=len(rows), total_fen=total, by_label=BY, at=at, source="migration:funds.0004", **head
    )
    once = f"{head['movement']}:{head['batch']}" if head["batch"] else ""
    Posting.objects.bulk_create(
        [
            Posting(voucher=made, claim_id=claim, line_id=line, payee=payee, amount_fen=fen, once=once)
            for claim, line, payee, fen in rows
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0003_ledger_kept_by_the_database"),
        ("workflows", "0002_append_only"),
        ("payments", "0001_initial"),
    ]

    operations = [migrations.RunPython(open_the_ledger, migrations.RunPython.noop)]
