"""The models as they are, and the tables where there are none.

The models follow the version of iracing-sync that is installed, not a history of migrations: so the state is read from
them. The tables have migrations of their own, those of `iracing-sync db upgrade`.
"""

from typing import Any

from django.apps import apps as installed
from django.db import migrations
from django.db.migrations.state import ModelState

from iracing_sync.contrib.django.options import APP_LABEL, database, schema


def make_tables(_apps: Any, editor: Any) -> None:
    """Make the schema where it is missing or empty; one that is there is left as it is, at whatever revision."""
    alias = editor.connection.alias
    if alias != database():
        return
    from iracing_sync.contrib.django.connection import open_alias  # all three take 0.5 s, and most commands read this
    from iracing_sync.database import is_empty
    from iracing_sync.schema import upgrade

    with open_alias(alias) as engine, engine.begin() as connection:
        if is_empty(connection, schema()):
            upgrade(connection, schema())


def model_states() -> list[migrations.CreateModel]:
    """Return the models, parents first; Django makes no table for them."""
    states = [ModelState.from_model(model) for model in installed.get_app_config(APP_LABEL).get_models()]
    return [
        migrations.CreateModel(state.name, list(state.fields.items()), state.options, state.bases, state.managers)
        for state in states
    ]


class Migration(migrations.Migration):
    """Comes before every migration of an application that points to these tables."""

    atomic = False
    initial = True
    operations = (*model_states(), migrations.RunPython(make_tables, migrations.RunPython.noop))
