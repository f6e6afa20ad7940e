"""The schema: migrated, checked, locked."""

import threading
from collections.abc import Iterator
from hashlib import sha256

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from builders import a_round, a_season, mapped
from sqlalchemy import Connection, Engine, create_engine, text

from iracing_sync.database import connect, current_revision, head_revision, migrations_folder
from iracing_sync.errors import DatabaseError, RunLocked
from iracing_sync.loader.load import load
from iracing_sync.locks import ACCOUNT_NAMESPACE, account_lock, run_lock
from iracing_sync.schema import alembic_config, differences, upgrade
from iracing_sync.sync.lifecycle import prepare
from iracing_sync.tables.mirrored import METADATA
from iracing_sync.tables.views import VIEWS

pytestmark = pytest.mark.empty_database


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url, "iracing")
    yield engine
    engine.dispose()


def prepared(engine: Engine, schema: str = "iracing") -> None:
    with engine.begin() as connection:
        prepare(connection, schema)


def test_an_empty_schema_is_migrated(engine) -> None:
    prepared(engine)

    with engine.begin() as connection:
        assert current_revision(connection, "iracing") == head_revision()


def test_tables_of_others_are_left_alone(engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA iracing"))
        connection.execute(text("CREATE TABLE iracing.lap (id int)"))

    with pytest.raises(DatabaseError, match="iracing-sync db upgrade"):
        prepared(engine)


def test_an_older_revision_is_named_with_what_to_do(engine) -> None:
    prepared(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(DatabaseError, match=r"revision 0000.*iracing-sync db upgrade"):
        prepared(engine)


def test_the_migrations_make_exactly_what_the_records_define(engine) -> None:
    prepared(engine)

    with engine.begin() as connection:
        command.check(alembic_config(connection, "iracing"))
        assert differences(connection, "iracing") == []
        connection.execute(text("ALTER TABLE event DROP COLUMN restart_type"))
        connection.execute(text("ALTER TABLE event DROP CONSTRAINT ck_event_ends_at"))
        connection.execute(text("DROP FUNCTION current_event CASCADE"))
        assert differences(connection, "iracing") == [
            "column event.restart_type is missing",
            "view current_event is missing",
            "function current_event is missing",
            "check ck_event_ends_at is missing",
        ]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_answers(engine, view) -> None:
    prepared(engine)

    with engine.begin() as connection:
        assert connection.execute(text(f"SELECT * FROM {view}")).keys()


def test_the_migrations_can_be_undone_and_done_again(engine) -> None:
    prepared(engine)

    with engine.begin() as connection:
        command.downgrade(alembic_config(connection, "iracing"), "base")
        left = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'iracing'"))
        assert left.all() == ["alembic_version"]
        upgrade(connection, "iracing")
        assert differences(connection, "iracing") == []


def test_the_schema_may_have_another_name(database_url) -> None:
    engine = connect(database_url, "racing_calendar")
    prepared(engine, "racing_calendar")

    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM racing_calendar.event")) == 0
        assert connection.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname = 'iracing'")) == 0
    engine.dispose()


def test_a_second_run_finds_the_lock_held_and_a_third_finds_it_free(engine) -> None:
    with run_lock(engine, "iracing"), pytest.raises(RunLocked, match="another run"), run_lock(engine, "iracing"):
        pass

    with run_lock(engine, "iracing"), run_lock(engine, "another_schema"):
        pass


def test_an_unreachable_database_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseError, match=r"127\.0\.0\.1") as refused:
        connect("postgresql+psycopg://racer:hidden-word@127.0.0.1:1/none", "iracing")

    assert "hidden-word" not in str(refused.value)


def test_the_lock_of_an_account_is_held_until_the_end_even_of_a_failure(engine) -> None:
    held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :space AND granted")

    def locks() -> int:
        with engine.begin() as connection:
            return int(connection.execute(held, {"space": ACCOUNT_NAMESPACE}).scalar_one())

    def fail() -> None:
        with account_lock(engine, "owner"):
            assert locks() == 1
            raise RuntimeError("the work fails")

    with pytest.raises(RuntimeError, match="the work fails"):
        fail()
    with account_lock(engine, "owner"):  # would wait for one that is left behind
        assert locks() == 1


def test_the_lock_of_an_account_makes_another_machine_wait(engine) -> None:
    order: list[str] = []

    def another() -> None:
        with account_lock(engine, "owner"):
            order.append("another")

    with account_lock(engine, "owner"):
        thread = threading.Thread(target=another)
        thread.start()
        thread.join(0.3)
        order.append("first")
    thread.join(30)

    assert order == ["first", "another"]


def test_without_the_database_an_account_is_locked_by_its_file_alone(caplog) -> None:
    engine = create_engine("postgresql+psycopg://racer@127.0.0.1:1/none")

    with caplog.at_level("INFO"), account_lock(engine, "owner"):
        assert "only that of the file" in caplog.text


def test_the_newest_revision_is_the_one_that_alembic_takes_for_it() -> None:
    assert head_revision() == ScriptDirectory.from_config(alembic_config(None, "iracing")).get_current_head()


def test_a_run_that_breaks_off_gives_its_lock_back_at_once(engine) -> None:
    for _ in range(20):
        with pytest.raises(KeyError), run_lock(engine, "iracing"):
            raise KeyError


STANDING = {
    "0001_tables_and_views.py": "f956b0b81ca3330ba5167dc03239c5a44d6cfbbc679f0a4b3ab1523972f39e6d",
    "0002_fractions.py": "306441deb8869ce3f3b9a6f2ccdf6a6165de3c7a3f10de470a9ba24caf5ce5b0",
    "0003_listed_seasons.py": "732eda0ece579a02fbfd29a419074a18e08a6dfcc08ed3af658d15a638d63fdc",
    "0004_meanings.py": "87fd5b45568cb657bc6a067bd616c45a7f868189a69968f090f3521a6dc6d1c2",
    "0005_changes.py": "9bcda31fcd4670d18ba056211cc95e29bf4bedfc324ab436f01c6341f78d00c9",
    "0006_times_changed.py": "c56c5b1218cbc8c74213efc5d8247d3d0de70fc56a2427af9f16203f0c083954",
    "0007_event_ids.py": "209208ee0f8858851eb54545a9777b5add3aaf94b8f8ea5f155b97784c9dc8a7",
    "0008_change_readers.py": "3455edd2219a918a99a74f16244dc802f02198e75c7d6e9c45b2843906e0094a",
    "0009_jobs.py": "df589da272c3299f21bafc75ea98db3b6df899e83ea3618232449956438c7f2d",
}
"""The SHA-256 of each revision that stands: databases were migrated by it, so it is never edited again."""


ENDS = "SELECT race_week_num, ends_at, week_ends_at, is_ends_at_derived, category, temp_c FROM event ORDER BY 1"


def test_what_older_rows_mean_is_set_right(engine) -> None:
    """What an older version stored: iRacing's own end for the end, no category, temperatures beside a forecast."""
    prepared(engine)
    hourly = {"repeating": True, "session_minutes": 30, "start_date": "2025-05-13", "first_session_time": "00:45:00"}
    track = {"track_id": 191, "track_name": "Harbour Ring", "category": "oval", "category_id": 1}
    times = [{**hourly, "day_offset": [0, 1], "repeat_minutes": 60}]
    weather = {"temp_units": 1, "temp_value": 20, "weather_summary": {"temp_units": 1}}
    rounds = [
        a_round(0, race_time_descriptors=times, week_end_time="2025-05-14T23:45:00Z", track=track, weather=weather),
        a_round(1, race_time_descriptors=times, track=track),
        a_round(2, race_time_descriptors=[], track=track),
        a_round(3, race_time_descriptors=[{**times[0], "repeat_minutes": None}], track=track),
    ]
    with engine.begin() as connection:
        load(connection, mapped(a_season(rounds)))
        right = connection.execute(text(ENDS)).all()
        command.downgrade(alembic_config(connection, "iracing"), "0003")
        connection.execute(text("UPDATE event SET category = NULL, category_id = NULL, temp_c = 20"))
        connection.execute(text("UPDATE event SET ends_at = '2025-05-15Z' WHERE race_week_num IN (1, 3)"))
        connection.execute(text("UPDATE event_time SET repeat_minutes = 0 WHERE race_week_num = 3"))
        upgrade(connection, "iracing")

        assert connection.execute(text(ENDS)).all() == [
            row if row.race_week_num == 0 else (*row[:-1], 20) for row in right
        ]
        assert {row.category for row in right} == {"oval"}
        assert connection.scalar(text("SELECT ends_at FROM season")) == max(row.ends_at for row in right)


def test_no_revision_that_stands_is_edited() -> None:
    files = {path.name: sha256(path.read_bytes()).hexdigest() for path in migrations_folder().glob("versions/*.py")}

    assert files == STANDING


FORMER = sorted(name.partition("_")[0] for name in STANDING)[:-1]


def everything(connection: Connection) -> dict[str, list[str]]:
    """Return the rows of each table as text."""
    tables = [table.name for table in METADATA.sorted_tables]
    found = {name: connection.scalars(text(f'SELECT t::text FROM "{name}" t')).all() for name in tables}
    return {name: sorted(rows) for name, rows in found.items()}


@pytest.mark.parametrize("revision", FORMER)
def test_a_filled_database_of_a_former_revision_is_upgraded_with_all_that_is_in_it(engine, revision) -> None:
    prepared(engine)
    restrictions = [{"car_id": 1, "max_pct_fuel_fill": 80, "weight_penalty_kg": 7.5}]
    times = {"repeating": True, "session_minutes": 30, "start_date": "2025-05-20", "first_session_time": "00:45:00"}
    hourly = {**times, "day_offset": [0, 1, 2, 3, 4, 5, 6], "repeat_minutes": 60}
    season = a_season(
        [
            a_round(car_restrictions=restrictions, weather={"weather_summary": {"precip_chance": 30}}),
            a_round(1, start_date="2025-05-20", race_time_descriptors=[hourly], week_end_time="2025-05-26T23:45:00Z"),
            a_round(2, start_date="2025-05-27", week_end_time="2025-06-09T23:45:00Z"),
            a_round(3, start_date="2022-05-31", race_time_descriptors=[]),
        ]
    )
    with engine.begin() as connection:
        load(connection, mapped(season))
        before = everything(connection)
        command.downgrade(alembic_config(connection, "iracing"), revision)
        assert current_revision(connection, "iracing") == revision

    with engine.begin() as connection:
        upgrade(connection, "iracing")

    with engine.begin() as connection:
        assert everything(connection) == before
        assert before["car_restriction"] != []
        assert differences(connection, "iracing") == []
        assert connection.scalar(text("SELECT max(precip_chance_pct) FROM event_schedule")) == 30


def test_the_number_of_a_car_in_the_shop_leaves_the_fields_without_a_column(engine) -> None:
    prepared(engine)
    older = (
        "INSERT INTO sim_car (car_id, name, settings, is_stub) VALUES (:id, 'Dinghy', CAST(:settings AS jsonb), false)"
    )
    sent = {1: '{"sku": 10353, "keep": 1}', 2: '{"sku": 0}', 3: '{"sku": "many"}', 4: '{"sku": 1e40}', 5: "{}"}
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection, "iracing"), "0006")
        for car_id, settings in sent.items():
            connection.execute(text(older), {"id": car_id, "settings": settings})
        upgrade(connection, "iracing")
        found = connection.execute(text("SELECT sku, settings FROM sim_car ORDER BY car_id")).all()

    assert [tuple(row) for row in found] == [(10353, {"keep": 1}), *[(None, {})] * 4]
