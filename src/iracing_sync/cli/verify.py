"""`verify`: whether a quarter is complete."""

from collections.abc import Iterator

import typer

from iracing_sync.app.database import open_database
from iracing_sync.app.documents import open_ledger, open_source
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON, REFRESH
from iracing_sync.cli.output import print_json
from iracing_sync.cli.start import start
from iracing_sync.database import require
from iracing_sync.fetch.endpoints import SEASON_LIST
from iracing_sync.plain_text import how_many
from iracing_sync.quarters import FIRST_YEAR, LAST_YEAR, Quarter
from iracing_sync.sync.quarter_documents import document_of_quarter
from iracing_sync.sync.verify import Verdict, compare_quarter

app = new_app()


@app.command()
def verify(
    year: int = typer.Option(..., min=FIRST_YEAR, max=LAST_YEAR, help="Season year."),
    quarter: int = typer.Option(..., min=1, max=4, help="Season quarter."),
    refresh: bool = REFRESH,
    as_json: bool = AS_JSON,
) -> None:
    """Compare a quarter with iRacing's own list of it, one call; exit 3 where seasons or schedules are missing."""
    settings = start()
    wanted = Quarter(year, quarter)
    with open_database(settings, reading=True) as engine:
        with engine.begin() as connection:
            require(connection, settings.schema_name)
        with (
            open_ledger(settings, engine) as ledger,
            open_source(settings, engine, ledger, refresh=refresh) as source,
        ):
            light = document_of_quarter(source, SEASON_LIST, wanted)
        with engine.begin() as connection:
            verdict = compare_quarter(connection, wanted, light)
    if as_json:
        print_json(verdict.as_dict())
    else:
        for line in verdict_lines(verdict):
            say(line)
    raise typer.Exit(0 if verdict.is_complete else 3)


def verdict_lines(verdict: Verdict) -> Iterator[str]:
    """Yield a line for each season that is not as it should be, then one for all."""
    for label, ids in (("missing", verdict.missing), ("without schedule", verdict.without_schedule)):
        for season_id in ids:
            yield f"{label}: {season_id} {verdict.named[season_id]}"
    if verdict.is_doubtful:
        yield "iRacing lists no season, which proves nothing: ask again later"
    if verdict.unreadable:
        yield f"of the list {how_many(verdict.unreadable, 'entry', 'entries')} cannot be read: ask again later"
    said = verdict.as_dict()
    yield (
        f"{verdict.quarter.name}: {said['listed']} seasons listed by iRacing, {said['stored']} stored with schedule, "
        f"{len(verdict.unlisted)} stored that are not listed"
    )
