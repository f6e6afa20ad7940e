"""Changes in the order in which a person reads them."""

from typing import Any

from iracing_sync.changes.digest import digest


def a_row(name: str, severity: str, said: str, field: str = "race_laps") -> dict[str, Any]:
    return {"season_name": name, "series_name": None, "field": field, "severity": severity, "sentence": said}


def lines(rows: list[dict[str, Any]], **how: Any) -> list[str]:
    return list(digest(rows, tail=lambda row: f" ({row['severity']})", **how))


def test_the_weightiest_comes_first_and_the_changes_of_a_season_stay_together() -> None:
    rows = [
        a_row("Ash", "low", "a"),
        a_row("Oak  Cup", "medium", "b"),
        a_row("Elm", "low", "c"),
        a_row("Ash", "high", "d"),
    ]

    assert lines(rows) == ["Ash", "  d (high)", "  a (low)", "Oak Cup", "  b (medium)", "Elm", "  c (low)"]


def test_new_seasons_come_last_and_only_the_first_of_them_are_told() -> None:
    new = [a_row(f"New {number}", "medium", f"{number} is out", "season") for number in range(9)]
    rows = [*new, a_row("Ash", "low", "a")]

    assert lines(rows, most_new=2) == [
        *("Ash", "  a (low)", "9 new seasons", "  0 is out (medium)", "  1 is out (medium)", "  … and 7 more"),
    ]
    assert len(lines(rows, most_new=None)) == 2 + 1 + 9
