"""A row that is work: the worker takes it when it is due."""

from django.db import models
from django.utils import timezone


class DueRow(models.Model):
    """What `portal.work` needs to know of a row. The subclass adds `state`."""

    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_key = models.CharField(max_length=32, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        abstract = True
