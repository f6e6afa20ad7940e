"""The reading commands over a recorded week, as a person at a terminal and as a program asks them."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from command_line import Completed, call

from conftest import own_database
from iracing_sync.cli.reading import Zone
from iracing_sync.cli.schedule_lines import schedule_lines
from iracing_sync.simulator import ReplayWorld, Simulator

pytestmark = pytest.mark.xdist_group("reading")

MOMENT = datetime(2023, 12, 26, 12, tzinfo=UTC)

Ask = Callable[..., Completed]


@pytest.fixture(scope="module")
def asked(server_url, recordings, tmp_path_factory) -> Iterator[Ask]:
    """Ask a command over the week of the recording of 2023-12-26,."""
    folder = tmp_path_factory.mktemp("reading")
    with own_database(server_url) as url, Simulator(ReplayWorld(recordings), at=MOMENT) as simulator:
        places = {"IRACING_DATA_DIR": str(folder / "data"), "IRACING_CACHE_DIR": str(folder / "cache")}
        given = simulator.environment() | places | {"IRACING_DATABASE_URL": url, "IRACING_API_RPS": "1000"}
        given |= {"PATH": "", "HOME": str(folder), "IRACING_AT": MOMENT.isoformat()}
        assert call(("run",), given, folder).returncode == 0
        yield lambda *arguments, **more: call(arguments, given | more, folder)


def shown(ran: Completed) -> str:
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def rounds(asked: Ask, *arguments: str) -> list[dict]:
    return json.loads(shown(asked("schedule", *arguments, "--json")))["rounds"]


def test_the_week_is_a_line_a_series_with_its_variants(asked) -> None:
    said = shown(asked("schedule", "--tz", "Europe/Berlin"))

    assert said.startswith("week of 2023-12-26; times in CET\n")
    assert said.endswith("118 rounds in week 3 of 2024 S1\n")
    [line] = [line for line in said.splitlines() if "CARS Late Model Stock Tour" in line]
    cells = ["CARS Late Model Stock Tour, Fixed", "3/12", "Langley Speedway", "90/55 laps", "Late Model Stock", "D/C"]
    assert re.split(r"  +", line.strip()) == [*cells, "Tue 13:15, 14:15"]
    assert len(said.splitlines()) < 118


def test_the_next_start_is_that_of_the_sessions(asked) -> None:
    sessions = json.loads(shown(asked("sessions", "--next", "7d", "--json")))["sessions"]
    first: dict[int, str] = {}
    for one in sessions:
        first.setdefault(one["event_id"], one["starts_at"])

    week = rounds(asked)

    assert {row["event_id"]: row["next_starts_at"] for row in week if row["next_starts_at"]} == {
        event_id: starts_at for event_id, starts_at in first.items() if event_id in {row["event_id"] for row in week}
    }


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        (("--series", "gt3 FIXED"), lambda row: {"gt3", "fixed"} <= set(row["series_name"].lower().split())),
        (("--series", "444"), lambda row: row["series_id"] == 444),
        (("--category", "oval"), lambda row: row["category"] == "oval"),
        (("--license", "rookie", "--license", "A"), lambda row: row["license_group"] in (1, 5)),
        (("--no-official",), lambda row: row["official"] is False),
        (("--fixed",), lambda row: row["fixed_setup"] is True),
        (("--car", "mx-5"), lambda row: any("MX-5" in name for name in row["car_names"])),
        (("--track", "okayama"), lambda row: "Okayama" in row["track_name"]),
        (("--rain",), lambda row: (row["precip_chance_pct"] or 0) > 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_filter_takes_what_it_says_and_nothing_else(asked, options, holds) -> None:
    every = {row["event_id"] for row in rounds(asked) if holds(row)}

    assert {row["event_id"] for row in rounds(asked, *options)} == every
    assert every or options == ("--rain",) or options == ("--no-official",)


def test_a_week_may_be_named_by_number_or_day_and_a_quarter_be_a_grid(asked) -> None:
    by_number, by_day = rounds(asked, "--week", "5"), rounds(asked, "--date", "2024-01-10")
    assert by_number == by_day == rounds(asked, "--year", "2024", "--quarter", "1", "--week", "5")
    assert by_number == rounds(asked, "--quarter", "2024Q1", "--week", "5")
    assert {row["race_week_num"] for row in by_number if row["series_id"] == 444} == {4}

    grid = shown(asked("schedule", "--grid", "--series", "444"))
    header = next(line for line in grid.splitlines() if line.startswith("series"))
    assert header.split() == [
        *("series", "12-12", "12-19", "12-26", "01-02", "01-09", "01-16", "01-23", "01-30"),
        *("02-06", "02-13", "02-20", "02-27"),
    ]


def test_where_this_week_holds_nothing_the_newest_is_shown_and_said(asked) -> None:
    said = shown(asked("schedule", "--at", "2025-01-01"))

    assert said.startswith("Nothing is stored of this week; the newest that is held is that of 2024-03-05")
    assert " rounds in week 13 of 2024 S1" in said
    said = shown(asked("schedule", "--at", "2025-01-01", "--date", "2025-01-01"))
    assert said.startswith("nothing is stored of then: iracing-sync run --quarter 2025Q1\n0 rounds")


@pytest.mark.parametrize("command", ["series", "track", "car"])
def test_a_name_that_is_none_is_refused_with_the_nearest(asked, command) -> None:
    ran = asked(command, "zzz qqq")

    assert ran.returncode == 2
    assert re.search(rf"no {command} is called 'zzz qqq'; the nearest is .+ \(\d+\)", ran.stderr)
    assert json.loads(asked(command, "zzz qqq", "--json").stdout)["code"] == 2


def test_a_series_is_one_and_an_ambiguous_name_lists_what_it_could_be(asked) -> None:
    ran = asked("series", "gt3")
    assert ran.returncode == 2
    assert "'gt3' may be Ferrari GT3 Challenge - Fixed (353), GT3 Fanatec Challenge - Fixed (444)" in ran.stderr

    said = shown(asked("series", "gt3 fanatec"))
    assert said.startswith("GT3 Fanatec Challenge - Fixed (444)\n2024 Season 1, running, road, licence B, official")
    [now] = [line for line in said.splitlines() if line.startswith(">")]
    assert now.split()[:3] == [">", "3", "2023-12-26"]
    assert "Weeks 1–12: fuel 50 %: Audi R8 LMS EVO II GT3" in said


def test_a_track_and_a_car_tell_where_they_are_raced(asked) -> None:
    at_track = json.loads(shown(asked("track", "okayama", "--json")))
    with_car = json.loads(shown(asked("car", "mx-5 cup", "--json")))

    assert {row["track_id"] for row in at_track["rounds"]} <= {one["id"] for one in at_track["tracks"]}
    assert all({one["id"] for one in with_car["cars"]} & set(row["car_ids"]) for row in with_car["rounds"])
    assert len(at_track["rounds"]) == 32
    assert "32 rounds" in shown(asked("track", "okayama"))


def test_sessions_are_those_of_the_span(asked) -> None:
    found = json.loads(shown(asked("sessions", "--from", "2023-12-26T12:00", "--to", "2023-12-26T13:00", "--json")))
    assert found == json.loads(shown(asked("sessions", "--next", "60m", "--json")))
    starts = [datetime.fromisoformat(one["starts_at"]) for one in found["sessions"]]
    assert starts == sorted(starts)
    assert all(MOMENT <= start < MOMENT + timedelta(hours=1) for start in starts)
    assert shown(asked("sessions", "--next", "1h", "--tz", "Europe/Berlin")).endswith(
        f"{len(starts)} races from Tue 13:00 to Tue 14:00\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("schedule", "--week", "1", "--date", "2024-01-01"),
        ("schedule", "--date", "soon"),
        ("schedule", "--tz", "Europe/Berlim"),
        ("sessions", "--next", "soon"),
        ("sessions", "--from", "2024-01-02", "--to", "2024-01-01"),
        ("sessions", "--next", "1h", "--to", "2024-01-01"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(asked, arguments) -> None:
    ran = asked(*arguments)

    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [("schedule",), ("series", "444"), ("track", "okayama"), ("car", "mx-5"), ("sessions",)]
)
def test_csv_has_a_line_of_names_and_as_many_rows_as_json(asked, arguments) -> None:
    rows = list(csv.DictReader(io.StringIO(shown(asked(*arguments, "--csv")))))
    told = json.loads(shown(asked(*arguments, "--json")))
    objects = told.get("rounds") or told.get("sessions") or told["season"]["rounds"]

    assert [row["event_id"] for row in rows] == [str(one["event_id"]) for one in objects]


def test_nothing_is_drawn_where_the_output_is_no_terminal(asked) -> None:
    for arguments in (("schedule",), ("series", "444"), ("sessions",), ("track", "okayama")):
        said = shown(asked(*arguments))
        assert "\x1b" not in said
        assert "…" not in said


def test_what_series_need_is_told_with_the_cheapest_way_to_enough_weeks(asked, tmp_path) -> None:
    (tmp_path / "owned.txt").write_text("Spa-Francorchamps\nFerrari 296 GT3  # mine\n")

    all_new = json.loads(shown(asked("content", "--series", "gt3 fanatec", "--json")))
    with_mine = json.loads(
        shown(asked("content", "--series", "gt3 fanatec", "--owned", f"{tmp_path}/owned.txt", "--json"))
    )
    left = json.loads(shown(asked("content", "--series", "gt3 fanatec", "--remaining", "--json")))

    [season] = all_new["series"]
    assert (season["weeks"], season["needed"], season["owned"]) == (12, 8, 0)
    assert all_new["is_cheapest"]
    assert all_new["total_usd"] == 86.7
    assert round(all_new["total_usd"] - with_mine["total_usd"], 2) == 26.9  # a track and a car
    assert left["series"][0]["weeks"] == 10
    assert "> the cheapest way: 6 packages, 86.70 USD" in shown(asked("content", "--series", "gt3 fanatec"))


def test_a_week_with_what_one_owns_has_an_owned_track_and_car(asked, tmp_path) -> None:
    (tmp_path / "owned.txt").write_text("Global Mazda MX-5 Cup\n")

    found = rounds(asked, "--owned", f"{tmp_path}/owned.txt")

    assert 0 < len(found) < 118
    assert {row["event_id"] for row in found} < {row["event_id"] for row in rounds(asked)}


@pytest.mark.parametrize(
    ("line", "why"), [("qqq zzz", "no track or car is called"), ("999999", "no package has the id")]
)
def test_a_line_of_what_one_owns_that_is_none_is_named(asked, tmp_path, line, why) -> None:
    (tmp_path / "owned.txt").write_text(f"# mine\n{line}\n")

    ran = asked("content", "--series", "444", "--owned", f"{tmp_path}/owned.txt")

    assert ran.returncode == 2
    assert f"line 2: {why}" in ran.stderr
    assert asked("content").returncode == asked("content", "--series", "444", "--owned", "/nowhere").returncode == 2


def test_a_season_with_a_round_each_day_is_one_line_that_says_so() -> None:
    day = {
        **dict.fromkeys(("series_name", "season_name", "category"), "13th Week"),
        "season_id": 1,
        "same": "x",
        "track_name": "Harbour",
        "config_name": None,
        "race_minutes": None,
        "race_laps": 9,
        "rounds": 7,
        "car_class_ids": [],
        "car_ids": [],
        "car_names": [],
        "car_class_names": [],
        "license_group": 1,
        "precip_chance_pct": None,
        "has_changed": False,
    }
    rounds = [
        day | {"race_week_num": number, "next_starts_at": MOMENT + timedelta(days=number) if number > 2 else None}
        for number in range(7)
    ]

    _, category, line = schedule_lines(rounds, Zone("UTC"), None)

    assert category == "13th Week"
    assert re.split(r"  +", line.strip()) == ["13th Week", "4/7", "Harbour, 6 more", "9 laps", "R", "Fri 12:00"]
