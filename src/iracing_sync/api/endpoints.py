"""The endpoints as data: where a document is and under which key it is cached."""

from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType

from iracing_sync.documents import Params

NO_PARAMS: Params = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way to ask: the path below `/data/`, and a cache key whose fields are exactly the parameters asked with.

    A `catalogue` (tracks, cars, …) changes so seldom that it is kept longer.
    """

    path: str
    cache_key: str
    catalogue: bool = False

    def takes(self, path: str, params: Params) -> bool:
        """Tell whether this is the way to ask for `path` with these parameters."""
        fields = {field for _, field, _, _ in Formatter().parse(self.cache_key) if field}
        return self.path == path and fields == params.keys()


ENDPOINTS = (
    Endpoint("series/get", "iracing:series"),
    Endpoint("series/seasons", "iracing:seasons"),
    Endpoint("series/seasons", "iracing:seasons:{season_year}:{season_quarter}"),
    Endpoint("series/past_seasons", "iracing:series:{series_id}:past_seasons"),
    Endpoint("series/season_schedule", "iracing:season:{season_id}:schedule"),
    Endpoint("series/season_list", "iracing:season_list"),
    Endpoint("series/season_list", "iracing:season_list:{season_year}:{season_quarter}"),
    Endpoint("season/list", "iracing:season:list:{season_year}:{season_quarter}"),
    Endpoint("track/get", "iracing:tracks", catalogue=True),
    Endpoint("car/get", "iracing:cars", catalogue=True),
    Endpoint("carclass/get", "iracing:car_classes", catalogue=True),
    Endpoint("series/assets", "iracing:series_assets", catalogue=True),
)


def cache_key(endpoint: str, params: Params = NO_PARAMS) -> str:
    """Return the key under which a document is cached; one made of all the parameters where none is agreed on.

    >>> cache_key("series/seasons", {"season_year": 2025, "season_quarter": 2})
    'iracing:seasons:2025:2'
    >>> cache_key("constants/categories")
    'iracing:constants/categories'
    """
    for known in ENDPOINTS:
        if known.takes(endpoint, params):
            return known.cache_key.format_map(params)
    return ":".join(["iracing", endpoint, *(f"{name}={value}" for name, value in sorted(params.items()))])


def is_catalogue(endpoint: str) -> bool:
    """Tell whether an endpoint gives tracks, cars, car classes or series assets."""
    return any(known.catalogue for known in ENDPOINTS if known.path == endpoint)
