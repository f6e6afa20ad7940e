"""Rows that are read and never written: iracing-sync alone writes them."""

from typing import Any, NoReturn

from django.db import models
from django.db.models.signals import pre_save
from django.db.utils import NotSupportedError
from django.dispatch import receiver


class ReadOnlyError(NotSupportedError):
    """Somebody would write what iracing-sync alone writes."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(
            f"{model._meta.label} is read-only: iracing-sync alone writes it, as by `manage.py sync_iracing_series`; "
            "keep rows of your own in a model with a ForeignKey to it; "
            "tests make theirs with iracing_sync.contrib.django.factories"
        )


class ReadOnlyQuerySet(models.QuerySet):
    """Rows to read."""

    def _refuse(self, *_given: Any, **_named: Any) -> NoReturn:
        """Say who writes these rows."""
        raise ReadOnlyError(self.model)

    _refuse.alters_data = True  # type: ignore[attr-defined] # no template may call it
    create = get_or_create = update_or_create = bulk_create = bulk_update = update = delete = _raw_delete = _refuse


class ReadOnlyRow(models.Model):
    """A row to read."""

    objects = ReadOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        managed = False
        base_manager_name = "objects"  # so that related managers, too, refuse to write
        default_permissions = ("view",)

    def __str__(self) -> str:
        """Return its name, or what it is and its key."""
        return str(getattr(self, "name", None) or f"{self._meta.verbose_name} {self.pk}")

    def _refuse(self, *_given: Any, **_named: Any) -> NoReturn:
        """Say who writes these rows."""
        raise ReadOnlyError(type(self))

    _refuse.alters_data = True  # type: ignore[attr-defined] # as above
    save = save_base = delete = _refuse


@receiver(pre_save)
def refuse_fixtures(sender: type[models.Model], **_about: Any) -> None:
    """Refuse what `loaddata` would write: it passes `save` by."""
    if issubclass(sender, ReadOnlyRow):
        raise ReadOnlyError(sender)
