"""Series: what `series/get` lists, with logos and with what their seasons say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from iracing_sync.changes.differences import Change, series_differences
from iracing_sync.documents import Document
from iracing_sync.errors import MappingError
from iracing_sync.loader import as_row, load
from iracing_sync.mappers.fields import Fields
from iracing_sync.mappers.series import map_logos, map_series
from iracing_sync.records import Series
from iracing_sync.stored import Row, series_rows
from iracing_sync.sync.run import Run


def sync_series(run: Run, document: Document, assets: Document | None, seasons: Sequence[Fields]) -> None:
    """Map, compare and load the series that are listed."""
    logos = None
    if assets:
        with run.skipping():
            logos = map_logos(assets)
    with run.skipping():
        mapped = map_series(document, logos=logos, official=official(seasons))
        write_series(run, [series for series in mapped if run.options.wants(series.series_id)])


def write_series(run: Run, mapped: Sequence[Series]) -> None:
    """Load series and write down, in the same transaction, how they differ from what was stored."""
    with run.begin() as connection:
        stored = series_rows(connection)
        different = [series for series in mapped if not is_stored(series, stored)]
        if different:
            run.result.add(load(connection, different, run.result.run_id))
        run.record(connection, list(changes(different, stored)))
    run.result.confirm({"series": len(mapped) - len(different)})


def is_stored(series: Series, stored: Mapping[int, Row]) -> bool:
    """Tell whether a series is stored with all that is said of it."""
    old = stored.get(series.series_id)
    return old is not None and all(old[name] == value for name, value in as_row(series).items())


def changes(mapped: Iterable[Series], stored: Mapping[int, Row]) -> Iterator[Change]:
    """Yield how series differ from what is stored, and which of them are back."""
    for series in mapped:
        old = stored.get(series.series_id)
        if old is None or old["is_stub"]:
            continue
        about = series.series_id, None, None
        if old["retired_at"]:
            yield Change(*about, "retired_at", old["retired_at"].isoformat(), None, "current", "high")
        elif old["missing_since"]:
            yield Change(*about, "missing_since", old["missing_since"].isoformat(), None, "current", "low")
        for field, before, after, severity in series_differences(old, as_row(series)):
            yield Change(*about, field, before, after, "current", severity)


def official(seasons: Iterable[Fields]) -> dict[int, bool]:
    """Return of each series whether one of its listed seasons is official; a season at fault says nothing."""
    said: dict[int, bool] = {}
    for season in seasons:
        try:
            series_id, is_official = season.whole("series_id"), season.flag("official")
        except MappingError:
            continue
        said[series_id] = said.get(series_id, False) or is_official
    return said
