"""What rows can say beside their columns."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models.expressions import RawSQL
from django.utils import timezone

from iracing_sync.contrib.django.options import APP_LABEL, in_schema
from iracing_sync.contrib.django.read_only import ReadOnlyQuerySet, ReadOnlyRow
from iracing_sync.plain_text import layout_name


class EventQuerySet(ReadOnlyQuerySet):
    """Rounds."""

    def this_week(self, at: datetime | None = None) -> "EventQuerySet":
        """Return those with a session in iRacing's week of a moment, by default the present one.

        The week is Tuesday to Tuesday, 00:00 UTC; which rounds are in it the database knows, as for its week_schedule.
        """
        known = f"SELECT event_id FROM {in_schema('week_schedule')}(%s)"
        rounds: EventQuerySet = self.filter(event_id__in=RawSQL(known, [at or timezone.now()]))  # noqa: S611 - our own words
        return rounds


class EventRow(ReadOnlyRow):
    """A round."""

    objects = EventQuerySet.as_manager()

    class Meta(ReadOnlyRow.Meta):
        abstract = True

    def __str__(self) -> str:
        """Return its season and its week, as people count them."""
        return f"{self.season}, week {self.race_week_num + 1}"

    @property
    def changes(self) -> Any:
        """Return what changed of the round, the newest first: of it alone, or of several rounds at once."""
        model = apps.get_model(APP_LABEL, "ScheduleChange")
        found = model.objects.using(self._state.db).filter(
            season_id=self.season_id, rounds__contains=[self.race_week_num]
        )
        return found.order_by("-at", "-change_id")


class LayoutRow(ReadOnlyRow):
    """A layout of a track."""

    class Meta(ReadOnlyRow.Meta):
        abstract = True

    def __str__(self) -> str:
        """Return the track and the layout."""
        return layout_name(self.name, self.config_name)


class CarRow(ReadOnlyRow):
    """Something of one car in a round."""

    class Meta(ReadOnlyRow.Meta):
        abstract = True

    def __str__(self) -> str:
        """Return the car."""
        return str(self.car)


class ChangeRow(ReadOnlyRow):
    """A change of a schedule."""

    class Meta(ReadOnlyRow.Meta):
        abstract = True

    def __str__(self) -> str:
        """Return its sentence."""
        return self.sentence or f"{self.field}: {self.old} → {self.new}"
