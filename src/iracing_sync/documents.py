"""What a document is: one JSON answer of the iRacing Data API, and where and when it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, Self

import orjson

from iracing_sync.errors import DocumentError

Params = Mapping[str, int]

NO_PARAMS: Params = MappingProxyType({})


@dataclass(frozen=True)
class Document:
    """One JSON answer, as iRacing sent it.

    `endpoint` is written `group/name` as in the API's index; `body` is UTF-8 JSON, chunks already joined;
    `fetched_at` is when iRacing answered, which for a cached document lies in the past; one that `is_spoilt` there
    holds items that cannot be read, and is to be asked for again.
    """

    endpoint: str
    params: Params
    body: bytes = field(repr=False)
    fetched_at: datetime
    from_cache: bool = False
    is_spoilt: bool = False

    @property
    def name(self) -> str:
        """Return what a person calls it: the endpoint with its parameters."""
        return document_name(self.endpoint, self.params)

    @cached_property
    def content(self) -> Any:
        """The body, decoded once and for reading only; raises DocumentError where it is not JSON."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            place = f"from {error.lineno}:{error.colno} on, of {len(self.body)} bytes (at $)"
            raise DocumentError(f"{self.name}: the document is not JSON {place}") from error

    def with_content(self, content: Any) -> Self:
        """Keep what whoever fetched it has decoded already."""
        self.__dict__["content"] = content  # where the property looks first
        return self

    def without_content(self) -> Self:
        """Return a copy that holds the body only: decoded it takes several times the memory."""
        return replace(self)


def document_name(endpoint: str, params: Params) -> str:
    """Write an endpoint with its parameters, as in `series/seasons?season_quarter=2&season_year=2025`."""
    query = "&".join(f"{key}={value}" for key, value in sorted(params.items()))
    return f"{endpoint}?{query}" if query else endpoint
