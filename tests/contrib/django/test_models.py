"""The models beside the database: the same columns, relations that work, and nothing that writes."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from iracing_sync.tables.mirrored import METADATA
from iracing_sync.tables.views import VIEWS

INSPECTED = re.compile(r"^class (\w+)\(models\.Model\):$|^    (\w+) = models\.(\w+)\((.*?)\)(?:  #.*)?$", re.MULTILINE)
KINDS = {"OneToOneField": "ForeignKey", "Reference": "ForeignKey", "LocalTimeField": "DateTimeField"}


KEY_OF_A_ROUND = ("season_id", "race_week_num")
"""By these together PostgreSQL points to a round, by event_id the models do."""


def read_from_database(table: str, is_view: bool) -> dict[str, tuple[str, bool]]:
    """Return what Django reads out of the database: by column, the kind of its field and whether it may be null."""
    from django.core.management import call_command
    from django.db import connection

    shown = StringIO()
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO iracing")
        call_command("inspectdb", table, include_views=is_view, stdout=shown)
        cursor.execute("RESET search_path")
    found = {}
    for _, name, kind, options in INSPECTED.findall(shown.getvalue()):
        if not name or kind == "CompositePrimaryKey":
            continue
        named = re.search(r"db_column='(\w+)'", options)
        column = named[1] if named else f"{name}_id" if kind in ("ForeignKey", "OneToOneField") else name
        found[column] = (kind, "null=True" in options)
    return found


def fields_of(model: Any) -> dict[str, tuple[str, bool]]:
    """Return the same of a model."""
    return {
        field.column: (KINDS.get(type(field).__name__, type(field).__name__), field.null)
        for field in model._meta.concrete_fields
    }


def test_the_models_are_what_django_reads_out_of_the_database(models: Any) -> None:
    for model in every_model():
        table = model._meta.db_table.split('"')[3]
        in_database, in_model = read_from_database(table, is_view=table in VIEWS), fields_of(model)
        assert in_model.keys() == in_database.keys(), table
        for column, (kind, is_null) in in_model.items():
            read, may_be_null = in_database[column]
            is_half_a_key = column in KEY_OF_A_ROUND and hasattr(model, "event")
            assert alike(kind, read) or (is_half_a_key and read == "ForeignKey"), (table, column, kind, read)
            assert is_null == may_be_null or table in VIEWS, (table, column)


def alike(kind: str, read: str) -> bool:
    """Tell whether a field is what Django reads, which knows no arrays and no relations of views."""
    guesses = {"ArrayField": "TextField", "ForeignKey": ("IntegerField", "BigIntegerField", "UUIDField")}
    return kind == KINDS.get(read, read) or read in guesses.get(kind, ())


def test_the_types_are_those_of_the_columns(models: Any) -> None:
    from django.db import connection

    for model in every_model():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "
                "WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
                [model._meta.db_table],
            )
            in_database = dict(cursor.fetchall())
        in_model = {field.column: field.db_type(connection).partition("(")[0] for field in model._meta.concrete_fields}
        assert {name: WRITTEN.get(kind, kind) for name, kind in in_model.items()} == in_database


WRITTEN = {
    "time": "time without time zone",
}


def test_the_primary_keys_are_those_of_the_tables_but_a_rounds_is_one_number(models: Any) -> None:
    for model in every_model():
        table = model._meta.db_table.split('"')[3]
        key = [field.column for field in model._meta.pk_fields]
        if table not in VIEWS:
            assert key == (
                ["event_id"] if table == "event" else list(METADATA.tables[table].primary_key.columns.keys())
            )


def every_model() -> list[Any]:
    from django.apps import apps

    return list(apps.get_app_config("iracing_sync").get_models())


def test_every_column_is_explained(models: Any) -> None:
    assert [str(field) for model in every_model() for field in model._meta.concrete_fields if not field.help_text] == []


def test_django_finds_nothing_wrong_with_the_models(models: Any) -> None:
    from django.core.checks import run_checks

    assert run_checks(databases=["default"]) == []


def test_no_migration_is_ever_to_be_made(models: Any) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "iracing_sync", check=True, dry_run=True, stdout=StringIO())


def test_relations_lead_from_row_to_row(rows: Any, models: Any) -> None:
    event = rows.make_event()
    car = rows.make_event_car(event=event).car
    rows.make_restriction(event=event, car=car, max_fuel_fill_pct=50)

    [found] = models.Event.objects.select_related("season__series", "layout__track").prefetch_related(
        "cars__car", "restrictions", "times", "classes", "sessions"
    )

    assert [one.car for one in found.cars.all()] == [car]
    assert [one.max_fuel_fill_pct for one in found.restrictions.all()] == [50]
    assert list(found.season.events.all()) == [event]
    assert list(found.season.series.seasons.all()) == [event.season]
    assert found.layout.track.layouts.get() == event.layout
    assert (found.track_id, found.layout.package_id) == (event.layout.pk, event.layout.track.pk)
    assert models.Event.objects.filter(cars__car__name=car.name, track_id=found.track_id).get() == event


def test_a_key_has_the_name_of_its_column_wherever_a_field_is_named(rows: Any, models: Any) -> None:
    event = rows.make_event()
    number = event.layout.pk

    events = models.Event.objects.order_by("track_id", "layout__package_id")
    assert list(events.values("track_id", "layout", "layout__package_id")) == [
        {"track_id": number, "layout": number, "layout__package_id": event.layout.package_id}
    ]
    assert events.only("track_id").get().track_id == events.defer("layout").get().track_id == number
    assert events.filter(track_id__in=[number], layout=event.layout).count() == 1
    assert models.Event(track_id=number).layout == event.layout


def test_prefetching_asks_once_a_relation(rows: Any, models: Any, django_queries: Any) -> None:
    for _ in range(3):
        event = rows.make_event()
        rows.make_event_car(event=event)
        rows.make_restriction(event=event)

    with django_queries() as asked:
        for event in models.Event.objects.select_related("season__series").prefetch_related(
            "cars__car", "restrictions"
        ):
            assert event.season.series.name
            assert [one.car.name for one in event.cars.all()]
            assert list(event.restrictions.all())

    assert len(asked) == 4


def test_this_week_is_iracings_week(rows: Any, models: Any) -> None:
    first = rows.make_event()
    second = rows.make_event(season=first.season)
    rows.make_event(season=rows.make_season(status="withdrawn"))

    assert list(models.Event.objects.this_week()) == [first]
    assert list(first.season.events.this_week(datetime.now(UTC) + timedelta(weeks=1))) == [second]
    assert models.WeekSchedule.objects.select_related("event").get().event == first


def test_a_rounds_changes_are_its_own_and_those_of_several_rounds(rows: Any) -> None:
    event = rows.make_event()
    own = rows.make_change(event=event)
    shared = rows.make_change(event=rows.make_event(season=event.season), rounds=[0, 1], field="race_minutes")
    rows.make_change(event=rows.make_event(season=event.season))

    assert set(event.changes) == {own, shared}
    assert event.season.changes.count() == 3


def test_times_at_the_track_have_no_zone(rows: Any, models: Any) -> None:
    noon = datetime(2025, 5, 17, 12)  # noqa: DTZ001 - at the track
    rows.make_event(simulated_start_at=noon)

    assert models.Event.objects.get(simulated_start_at=noon).simulated_start_at == noon


def test_an_application_may_have_a_table_of_the_same_name(rows: Any, models: Any) -> None:
    from django.db import connection

    event = rows.make_event()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.event (id integer); SET LOCAL search_path TO public")

    assert models.Event.objects.get() == event


def load_fixture(event: Any) -> None:
    """Write a row as `loaddata` does."""
    from django.core import serializers

    [read] = serializers.deserialize("json", serializers.serialize("json", [event]))
    read.save()


WRITES = {
    "load a fixture": lambda event, _: load_fixture(event),
    "save": lambda event, _: event.save(),
    "delete": lambda event, _: event.delete(),
    "create": lambda _, rows: rows.create(season_id=1),
    "update": lambda _, rows: rows.update(category="oval"),
    "delete all": lambda _, rows: rows.all().delete(),
    "get or create": lambda _, rows: rows.get_or_create(season_id=1),
    "update or create": lambda _, rows: rows.update_or_create(season_id=1),
    "bulk create": lambda event, rows: rows.bulk_create([event]),
    "bulk update": lambda event, rows: rows.bulk_update([event], ["category"]),
    "create related": lambda event, _: event.season.events.create(race_week_num=9),
    "add related": lambda event, _: event.season.events.add(event),
}


@pytest.mark.parametrize("way", WRITES)
def test_models_refuse_to_write_and_say_who_does(rows: Any, models: Any, way: str) -> None:
    from iracing_sync.contrib.django.read_only import ReadOnlyError

    event = rows.make_event()

    with pytest.raises(ReadOnlyError, match="iracing-sync alone writes it"):
        WRITES[way](event, models.Event.objects)
    assert models.Event.objects.get().category == event.category


def test_every_view_can_be_read(rows: Any, models: Any) -> None:
    rows.make_event_time(
        event=rows.make_event(
            season=rows.make_season(
                series=rows.make_series(
                    allowed_licenses=[
                        {"license_group": 3, "group_name": "Class C", "min_license_level": 9, "max_license_level": 12}
                    ]
                )
            )
        )
    )

    for name in ("EventSchedule", "WeekSchedule", "SessionSchedule", "SeriesLicense", "SyncStatus", "CurrentEvent"):
        found = getattr(models, name).objects.all()[:5]
        assert list(found), name
