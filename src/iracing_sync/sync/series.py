"""Series: what `series/get` lists, with logos and with what their seasons say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from iracing_sync.changes.differences import Change, series_differences
from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError, MappingError
from iracing_sync.loader.halves import write_in_halves
from iracing_sync.loader.load import load
from iracing_sync.loader.rows import as_row
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.series import map_logos, map_series
from iracing_sync.result import Result, Written
from iracing_sync.sync.change_log import write_changes
from iracing_sync.sync.drift import sift
from iracing_sync.sync.run import Run
from iracing_sync.sync.stored import stored_series
from iracing_sync.tables.rows import Row
from iracing_sync.tables.series import Series


def load_series(run: Run, document: Document | None, assets: Document | None, seasons: Sequence[JsonObject]) -> None:
    """Map, compare and load the series that are listed."""
    if document is None:
        return
    logos = logos_of(run.result, assets)
    try:
        mapped = map_series(document, logos=logos, official=official_series(seasons))
        good = sift(run, document.endpoint, mapped)
        write_series(run, [series for series in good if run.options.wants(series.series_id)])
    except DocumentError as error:
        run.result.skip(error)


def logos_of(result: Result, assets: Document | None) -> dict[int, str] | None:
    """Return the logos by series, None where their document is missing or at fault: reported."""
    try:
        return map_logos(assets) if assets else None
    except DocumentError as error:
        result.skip(error)
        return None


def write_series(run: Run, mapped: Sequence[Series]) -> None:
    """Load series and write down, in the same transaction, how they differ from what was stored."""

    def write(some: Sequence[Series]) -> Written:
        with run.begin() as connection:
            stored = stored_series(connection)
            different = [series for series in some if not is_stored_as_it_is(series, stored)]
            written = load(connection, different, run.result.run_id) if different else Written()
            write_changes(connection, run.result, list(series_changes(different, stored)), run.clock())
        run.result.confirm({"series": len(some) - len(different)})
        return written

    run.result.settle(write_in_halves(mapped, write, lambda series: f"series {series.series_id}"))


def is_stored_as_it_is(series: Series, stored: Mapping[int, Row]) -> bool:
    """Tell whether a series is stored with all that is said of it."""
    old = stored.get(series.series_id)
    return old is not None and all(old[name] == value for name, value in as_row(series).items())


def series_changes(mapped: Iterable[Series], stored: Mapping[int, Row]) -> Iterator[Change]:
    """Yield how series differ from what is stored, and which of them are back."""
    for series in mapped:
        old = stored.get(series.series_id)
        if old is None or old["is_stub"]:
            continue
        if old["retired_at"]:
            yield Change(
                series.series_id, None, (), "retired_at", old["retired_at"].isoformat(), None, "current", "high"
            )
        elif old["missing_since"]:
            yield Change(
                series.series_id, None, (), "missing_since", old["missing_since"].isoformat(), None, "current", "low"
            )
        for field, before, after, severity in series_differences(old, as_row(series)):
            yield Change(series.series_id, None, (), field, before, after, "current", severity)


def official_series(seasons: Iterable[JsonObject]) -> dict[int, bool]:
    """Return of each series whether one of its listed seasons is official; a season at fault says nothing."""
    said: dict[int, bool] = {}
    for season in seasons:
        try:
            series_id, is_official = season.whole("series_id"), season.flag("official")
        except MappingError:
            continue
        said[series_id] = said.get(series_id, False) or is_official
    return said
