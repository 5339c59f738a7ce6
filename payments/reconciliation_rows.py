"""The kept results of reconciliations. Append-only."""

from django.db import models


class ReconciliationRun(models.Model):
    """One reconciliation: whether everything balanced, and what did not. `content` is `Reconciliation.as_json()`.

    No names and no accounts in it: claimants are ``org:12``, lines and transfers their numbers.
    """

    at = models.DateTimeField()
    by_label = models.CharField(max_length=160)
    balanced = models.BooleanField()
    problems = models.PositiveIntegerField()
    content = models.JSONField()

    class Meta:
        ordering = ["-id"]
