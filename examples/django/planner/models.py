"""What the league keeps of its own, beside iRacing's tables."""

from django.db import models


class LeagueNight(models.Model):
    """An evening on which the league drives a round together."""

    event = models.ForeignKey("iracing_sync.Event", on_delete=models.PROTECT, related_name="league_nights")
    starts_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("starts_at",)

    def __str__(self) -> str:
        """Return the round and the evening."""
        return f"{self.event} on {self.starts_at:%Y-%m-%d %H:%M}"
