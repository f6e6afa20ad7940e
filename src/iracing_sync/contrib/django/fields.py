"""The two kinds of column for which Django has no field."""

from datetime import datetime
from typing import Any

from django.db import models


class Reference(models.ForeignKey):
    """A foreign key whose value has the name of its column: `event.layout` and, as in the tables, `event.track_id`."""

    def get_attname(self) -> str:
        """Return the name of the attribute that holds the key."""
        return str(self.db_column)


class LocalTimeField(models.DateTimeField):
    """Simulated time at the track, which has no zone: it is read and compared as it stands."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django's own signature
        """Return PostgreSQL's name of the type."""
        return "timestamp without time zone"

    def get_prep_value(self, value: Any) -> datetime | None:
        """Return a value to compare with, which gains no zone."""
        moment: datetime | None = self.to_python(value)
        return moment
