"""What is drawn for a person at a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table


@contextmanager
def draw_progress() -> Iterator[Progress]:
    """Draw a progress bar on standard error until it is left, below what is logged meanwhile."""
    columns = (TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield progress


def draw_counts(counts: dict[str, dict[str, int]]) -> None:
    """Draw counts by table and kind."""
    table = Table("table", *next(iter(counts.values())))
    for name, numbers in counts.items():
        table.add_row(name, *map(str, numbers.values()))
    Console().print(table)
