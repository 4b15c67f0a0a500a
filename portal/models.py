"""What all parts share."""

from django.db import models


class Heartbeat(models.Model):
    """A worker process that said that it lives."""

    worker = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)
    done = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.worker
