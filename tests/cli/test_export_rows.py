"""`export csv|json|ndjson|parquet`, on the tables of a few rounds."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from builders import a_round, a_season, a_series, mapped
from pyarrow import parquet

from iracing_sync.database import connect
from iracing_sync.loader.load import load

NAME = '=HYPERLINK("x") \\ "Señor", 東京'
AT = ("--at", "2025-05-14T09:00")


@pytest.fixture
def _tables(database_url):
    engine = connect(database_url, "iracing")
    other = a_season([a_round()], season_id=8, series_id=4, season_name="-1")
    with engine.begin() as connection:
        load(connection, [a_series(name=NAME), a_series(series_id=4, name="Other"), *mapped(a_season([a_round()]))])
        load(connection, mapped(other))
    engine.dispose()


pytestmark = pytest.mark.usefixtures("_tables")


def series_of(content: str) -> list[str]:
    return [row["series_name"] for row in csv.DictReader(io.StringIO(content))]


@pytest.mark.parametrize(("raw", "shown"), [((), f"'{NAME}"), (("--raw",), NAME)])
def test_a_name_is_no_formula_unless_it_is_wanted_raw(command, raw, shown) -> None:
    ended = command("export", "csv", "event_schedule", "--series", "3", *raw)

    assert series_of(ended.stdout) == [shown], ended.stderr


def test_json_and_ndjson_hold_the_same_rows_with_their_texts_as_they_are(command) -> None:
    array, lines = (command("export", kind, "event_schedule").stdout for kind in ("json", "ndjson"))

    rows = json.loads(array)
    assert rows == [json.loads(line) for line in lines.splitlines()]
    assert [row["series_name"] for row in rows] == [NAME, "Other"]
    assert json.loads(command("export", "json", "event_schedule", "--category", "dirt_road").stdout) == []


def test_parquet_has_real_types(command, tmp_path) -> None:
    assert command("export", "parquet", "event_schedule", "--out", "a.parquet").stdout == "a.parquet: written\n"

    table = parquet.read_table(tmp_path / "a.parquet")
    kinds = {field.name: field.type for field in table.schema}
    assert kinds["starts_at"] == pa.timestamp("us", tz="UTC")
    assert (kinds["season_id"], kinds["temp_c"], kinds["official"]) == (pa.int32(), pa.float64(), pa.bool_())
    assert kinds["car_ids"] == pa.list_(pa.int32())
    assert table["series_name"].to_pylist() == [NAME, "Other"]
    assert table["starts_at"][0].as_py() == datetime(2025, 5, 13, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["csv", "json", "ndjson", "parquet"])
def test_every_table_and_view_can_be_written_and_a_file_is_left_alone_where_it_is_the_same(command, kind) -> None:
    for relation in ("event", "event_time", "season", "schedule_change", "car_restriction", "week_schedule"):
        ended = command("export", kind, relation, "--out", "a")
        assert ended.returncode == 0, ended.stderr
    assert command("export", kind, "week_schedule", "--out", "a").stdout == "a: as before\n"


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_filter_takes_the_rows_of_a_series_a_category_and_a_quarter(command, kind, tmp_path) -> None:
    for relation in ("series", "season", "event", "event_time", "event_schedule"):
        given = () if relation == "series" else ("--year", "2025", "--quarter", "2")
        ended = command("export", kind, relation, "--series", "Other", "--out", "a", *given)
        assert ended.returncode == 0, ended.stderr
        if kind == "parquet":
            assert parquet.read_table(tmp_path / "a").num_rows == 1


def test_a_view_of_now_can_be_seen_at_a_moment(command) -> None:
    assert len(series_of(command("export", "csv", "week_schedule", *AT).stdout)) == 2
    assert series_of(command("export", "csv", "week_schedule", "--at", "2024-05-14").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("csv", "events"), "the nearest is event"),
        (("csv", "sim_track", "--series", "3"), "cannot be told by --series"),
        (("csv", "series", "--year", "2025", "--quarter", "2"), "cannot be told by --year"),
        (("csv", "event", "--at", "2025-05-14"), "the same at any moment"),
        (("json", "event", "--raw"), "--raw is for csv"),
        (("json", "event", "--json"), "--out FILE"),
    ],
)
def test_what_cannot_be_is_refused(command, arguments, said) -> None:
    ended = command("export", *arguments)

    assert ended.returncode == 2
    assert said in ended.stderr + ended.stdout


SHOWN = (
    "import sys; from iracing_sync.cli import app; app(args=sys.argv[1:], standalone_mode=False); print(*sys.modules)"
)


def test_csv_loads_neither_what_calendars_nor_what_parquet_needs(environment) -> None:
    asked = [sys.executable, "-c", SHOWN, "export", "csv", "event"]
    ran = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)

    modules = set(ran.stdout.splitlines()[-1].split())
    assert modules & {"icalendar", "pyarrow", "alembic", "httpx", "diskcache"} == set()


def test_a_reader_that_goes_away_ends_the_export(database_url, started) -> None:
    engine = connect(database_url, "iracing")
    hourly = {"repeating": True, "session_minutes": 30, "start_date": "2025-05-13", "repeat_minutes": 1}
    times = {**hourly, "first_session_time": "00:00:00", "day_offset": [0, 1, 2, 3, 4, 5, 6]}
    with engine.begin() as connection:
        load(connection, mapped(a_season([a_round(race_time_descriptors=[times])])))
    engine.dispose()
    running = started("export", "csv", "session_schedule", stdout=subprocess.PIPE)

    assert running.stdout.readline().startswith("event_id")
    running.stdout.close()
    assert running.wait(timeout=30) in (0, 141)
