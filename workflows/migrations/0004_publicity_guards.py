"""What the database refuses about approvals (C18).

A claim is approved only after its last notice has run, its villages' boards have hung their days, and with no open
objection on a live line; a line that an objection left out goes live only once no objection names it. An objection
that was decided is final.
"""

from django.db import migrations

from core.append_only import AppendOnly
from core.guards import Guard, Rule

DAY = (
    "day",
    "date(NEW.approved_at, '+8 hours')",
    "(NEW.approved_at AT TIME ZONE 'Asia/Shanghai')::date",
)
LAST_ENTRY = "(SELECT max(last.id) FROM workflows_noticeentry last WHERE last.claim_id = NEW.id)"
PERIOD_RUNS = f"""
NOT EXISTS (
  SELECT 1 FROM workflows_noticeentry e JOIN workflows_notice n ON n.id = e.notice_id
  WHERE e.id = {LAST_ENTRY} AND n.closes_on < {{day}}
)"""
BOARD_LACKS = f"""
EXISTS (
  SELECT 1 FROM workflows_noticeentry e JOIN workflows_boardposting b ON b.notice_id = e.notice_id
  WHERE e.id = {LAST_ENTRY} AND b.waived_at IS NULL AND (b.until IS NULL OR b.until >= {{day}})
    AND (
      b.area_id IN (SELECT l.verify_area_id FROM workflows_claimline l WHERE l.claim_id = NEW.id AND l.status = 'live')
      OR b.area_id = (SELECT o.area_id FROM accounts_organisation o WHERE o.id = NEW.employer_id)
    )
)"""
OBJECTED = """
EXISTS (
  SELECT 1 FROM workflows_objection o
  WHERE o.claim_id = NEW.id AND o.outcome = '' AND (
    NOT EXISTS (SELECT 1 FROM workflows_objectionline x WHERE x.objection_id = o.id)
    OR EXISTS (
      SELECT 1 FROM workflows_objectionline x JOIN workflows_claimline l ON l.id = x.line_id
      WHERE x.objection_id = o.id AND l.status = 'live'
    )
  )
)"""
LINE_OBJECTED = """
EXISTS (
  SELECT 1 FROM workflows_objection o
  WHERE o.claim_id = NEW.claim_id AND o.outcome = '' AND (
    NOT EXISTS (SELECT 1 FROM workflows_objectionline x WHERE x.objection_id = o.id)
    OR EXISTS (SELECT 1 FROM workflows_objectionline x WHERE x.objection_id = o.id AND x.line_id = NEW.id)
  )
)"""

APPROVAL = Rule(
    name="approved_after_publicity",
    table="workflows_claim",
    event="UPDATE OF state",
    when="NEW.state IN ('payable', 'awarded') AND OLD.state NOT IN ('payable', 'awarded')",
    broken=f"{PERIOD_RUNS} OR {BOARD_LACKS} OR {OBJECTED}",
    words=(DAY,),
)
RELEASED_LINE = Rule(
    name="suspended_until_objections_end",
    table="workflows_claimline",
    event="UPDATE OF status",
    when="OLD.status = 'suspended' AND NEW.status = 'live'",
    broken=LINE_OBJECTED,
)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0003_publicity_and_objections"), ("accounts", "0001_initial")]

    operations = [
        Guard(APPROVAL),
        Guard(RELEASED_LINE),
        AppendOnly("workflows_objection", when="OLD.outcome <> ''"),
    ]
