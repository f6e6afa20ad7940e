"""The views and functions that readers are promised beside the tables, and what their columns are."""

from collections.abc import Iterator, Mapping

from sqlalchemy import ARRAY, TIMESTAMP, BigInteger, Column, Integer, MetaData, Table, Text

from iracing_sync.tables import mirrored

TABLES = mirrored.METADATA.tables
METADATA = MetaData()
"""Of the views; what makes them are the migrations."""

INSTANT = TIMESTAMP(timezone=True)


def seen(name: str, of: str) -> Column[object]:
    """Return a column that a view shows of a table: `of` is table.column."""
    table, _, column = of.partition(".")
    shown = TABLES[table].c[column]
    return Column(name, shown.type, comment=shown.comment)


def same(table: str, names: str) -> Iterator[Column[object]]:
    """Yield columns that a view shows of a table under their own names."""
    for name in names.split():
        yield seen(name, f"{table}.{name}")


def view(name: str, *columns: Column[object], comment: str) -> Table:
    """Return what a view is."""
    return Table(name, METADATA, *columns, comment=comment)


def number_and_names() -> Iterator[Column[object]]:
    """Yield what all views of rounds begin with."""
    yield from same("event", "event_id season_id race_week_num")
    yield from same("season", "series_id")
    yield seen("series_name", "series.name")
    yield seen("season_name", "season.name")
    yield from same("season", "season_year season_quarter")
    yield seen("season_status", "season.status")
    yield seen("season_missing_since", "season.missing_since")


def track() -> Iterator[Column[object]]:
    """Yield where a round is raced."""
    yield from same("event", "track_id")
    yield seen("track_name", "sim_layout.name")
    yield from same("sim_layout", "config_name package_id")
    yield seen("package_name", "sim_track.name")
    yield Column(
        "category",
        Text,
        comment="oval, dirt_oval, dirt_road, sports_car, formula_car; road of old where the series says no more",
    )


def classes_and_cars() -> Iterator[Column[object]]:
    """Yield what is driven."""
    yield Column("car_class_ids", ARRAY(Integer), comment="the classes of the round, in iRacing's order")
    yield Column("car_class_names", ARRAY(Text), comment="their names, in the same order")
    yield Column("car_ids", ARRAY(Integer), comment="the cars that one may drive, by number")
    yield Column("car_names", ARRAY(Text), comment="their names, in the same order")


def rounds() -> Iterator[Column[object]]:
    """Yield the columns of the views of rounds."""
    yield from number_and_names()
    yield from same("event", "starts_at ends_at")
    yield from track()
    yield from same("season", "license_group official fixed_setup multiclass driver_changes max_weeks drops")
    yield from same("event", "race_laps race_minutes practice_minutes qualify_minutes qualify_laps warmup_minutes")
    yield Column(
        "session_minutes", Integer, comment="the longest race of the round, in minutes from practice to the flag"
    )
    yield from same("event", "start_type precip_chance_pct temp_c temp_low_c temp_high_c simulated_start_at")
    yield from classes_and_cars()


def sessions() -> Iterator[Column[object]]:
    """Yield the columns of the views of sessions."""
    yield from number_and_names()
    yield seen("event_starts_at", "event.starts_at")
    yield seen("event_ends_at", "event.ends_at")
    yield Column("starts_at", INSTANT, comment="when the session starts")
    yield Column("ends_at", INSTANT, comment="when it is over, as iRacing reckons")
    yield from same("event_time", "is_super_session session_minutes")
    yield from track()
    yield from same("season", "license_group official fixed_setup multiclass driver_changes")
    yield from same("event", "race_laps race_minutes")
    yield from classes_and_cars()
    yield seen("time_ordinal", "event_time.ordinal")
    yield Column("day_ordinal", Integer, comment="0 is the first day of the pattern, and what has set times")
    yield Column("session_ordinal", Integer, comment="0 is the first session of the day, or of the set times")


view(
    "series_license",
    *same("series", "series_id"),
    seen("series_name", "series.name"),
    Column("license_group", Integer, comment="1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro, 7 pro/WC"),
    Column("group_name", Text, comment="iRacing's name of the group"),
    Column("min_license_level", Integer, comment="the lowest level that may race; each group has four, rookies 1 to 4"),
    Column("max_license_level", Integer, comment="the highest level that the group has"),
    comment="Who may race in a series: one row a licence group.",
)
view(
    "event_schedule",
    *rounds(),
    comment="Every round with what everyone joins to it, those of withdrawn and missing seasons among them.",
)
view(
    "session_schedule",
    *sessions(),
    comment="Every race session of every round; a repeating pattern as the sessions that it means.",
)
view("week_schedule", *rounds(), comment="The rounds of iRacing's present week.")
view("current_event", *rounds(), comment="The rounds that run now.")
view("upcoming_session", *sessions(), comment="The races that are to start.")
view(
    "sync_status",
    *same("sync_run", "run_id started_at finished_at status exit_code warnings"),
    Column("last_good_at", INSTANT, comment="when the last run began that ended ok"),
    Column("active_seasons", BigInteger, comment="how many seasons are raced at present"),
    Column("stub_layouts", BigInteger, comment="how many layouts track/get does not explain"),
    Column("stub_cars", BigInteger, comment="how many cars car/get does not explain"),
    Column("stub_car_classes", BigInteger, comment="how many classes carclass/get does not explain"),
    comment="The last run, and what is not explained: one row.",
)

VIEWS: Mapping[str, Table] = METADATA.tables

FUNCTIONS: Mapping[str, str] = {
    "week_start(timestamptz)": "When iRacing's week began at a moment: Tuesday, 00:00 UTC.",
    "week_schedule(timestamptz)": "The rounds that have a session in iRacing's week of a moment, which is Tuesday to "
    "Tuesday, 00:00 UTC.",
    "current_event(timestamptz)": "The rounds that have begun at a moment and whose last session is not over.",
    "upcoming_sessions(timestamptz, timestamptz)": "The races that start from a moment on, before another one.",
}
"""What each gives, by its name and the types of what it takes."""


def table_or_view(name: str) -> Table | None:
    """Return what is called so, None where nothing of ours is."""
    return TABLES.get(name, VIEWS.get(name))
