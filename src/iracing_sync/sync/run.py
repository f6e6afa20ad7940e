"""One run: what it was asked, what it works with, and what it did so far."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from iracing_sync.documents import NO_PARAMS, Document, Params
from iracing_sync.errors import DocumentError, MappingError, SyncError
from iracing_sync.fetch.cache.document_cache import Settled, never
from iracing_sync.fetch.prefetch import Prefetch
from iracing_sync.instants import Clock
from iracing_sync.mappers.entries import fault_of
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.quarters import Quarter
from iracing_sync.result import Result
from iracing_sync.sync.options import Options
from iracing_sync.sync.quarter_documents import document_of_quarter
from iracing_sync.sync.writer import Writer
from iracing_sync.whole_numbers import integral

log = logging.getLogger(__name__)

Begin = Callable[[], AbstractContextManager[Connection]]
Progress = Callable[[str, int, int], None]
"""What goes on, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Run:
    """One run; `begin` opens a transaction, and `writer` is the one thread that loads."""

    options: Options
    documents: Prefetch
    begin: Begin
    writer: Writer
    result: Result
    progress: Progress
    clock: Clock

    def fetch(
        self, endpoint: str, params: Params = NO_PARAMS, *, fresh: bool = False, settled: Settled = never
    ) -> Document | None:
        """Return a document, None where it is at fault: reported, and the run goes on."""
        try:
            return self.documents.document(endpoint, params, fresh=fresh, settled=settled)
        except DocumentError as error:
            self.result.skip(error)
            return None

    def fetch_of_quarter(self, endpoint: str, quarter: Quarter, *, may_be_empty: bool = False) -> Document | None:
        """Return a document of one quarter, None where it is at fault: reported."""
        try:
            return document_of_quarter(self.documents, endpoint, quarter, may_be_empty=may_be_empty)
        except DocumentError as error:
            self.result.skip(error)
            return None

    def fetch_if_possible(
        self, endpoint: str, params: Params = NO_PARAMS, *, fresh: bool = False, settled: Settled = never
    ) -> Document | None:
        """Return a document that the run can do without, None where it cannot be had."""
        try:
            return self.documents.document(endpoint, params, fresh=fresh, settled=settled)
        except DocumentError as error:
            log.info("doing without: %s", error)
            return None

    def skip_alone(self, one: JsonObject, error: Exception) -> None:
        """Report one object that something is wrong with, whatever it is; what concerns more than it is raised."""
        if isinstance(error, SyncError | DBAPIError) and not isinstance(error, DocumentError):
            raise error
        fault = error if isinstance(error, DocumentError) else fault_of(one, error)
        self.result.skip(MappingError(f"{season_in_words(one)}{fault}"))


def season_in_words(one: JsonObject) -> str:
    """Say which season an object is, as far as it tells: its place in a list is another one every night."""
    season_id, name = (one.as_sent().get(key) for key in ("season_id", "season_name"))
    if integral(season_id) is None:
        return ""
    return f"season {integral(season_id)}{f' ({name})' if isinstance(name, str) else ''}: "
