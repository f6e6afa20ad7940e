"""The endpoints as data: where a document is and under which key it is cached."""

from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType

from iracing_sync.documents import Params

NO_PARAMS: Params = MappingProxyType({})

LISTING, CATALOGUE = 0.9, 7


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way to ask: the path below `/data/`, and a cache key whose fields are exactly the parameters asked with.

    `life` is how long a document is fresh, as a multiple of IRACING_CACHE_TTL. What lists the active falls a little
    short of it, so that a job that starts every day at the same time, or some seconds early, asks anew every day.
    """

    path: str
    cache_key: str
    life: float = 1

    def takes(self, path: str, params: Params) -> bool:
        """Tell whether this is the way to ask for `path` with these parameters."""
        fields = {field for _, field, _, _ in Formatter().parse(self.cache_key) if field}
        return self.path == path and fields == params.keys()


ENDPOINTS = (
    Endpoint("series/get", "iracing:series", LISTING),
    Endpoint("series/seasons", "iracing:seasons", LISTING),
    Endpoint("series/seasons", "iracing:seasons:{season_year}:{season_quarter}"),
    Endpoint("series/past_seasons", "iracing:series:{series_id}:past_seasons"),
    Endpoint("series/season_schedule", "iracing:season:{season_id}:schedule"),
    Endpoint("series/season_list", "iracing:season_list"),
    Endpoint("series/season_list", "iracing:season_list:{season_year}:{season_quarter}"),
    Endpoint("season/list", "iracing:season:list:{season_year}:{season_quarter}"),
    Endpoint("track/get", "iracing:tracks", CATALOGUE),
    Endpoint("car/get", "iracing:cars", CATALOGUE),
    Endpoint("carclass/get", "iracing:car_classes", CATALOGUE),
    Endpoint("series/assets", "iracing:series_assets", CATALOGUE),
    Endpoint("series/stats_series", "iracing:stats_series", CATALOGUE),
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


def life(endpoint: str, params: Params) -> float:
    """Return how long a document is fresh, as a multiple of IRACING_CACHE_TTL."""
    return next((known.life for known in ENDPOINTS if known.takes(endpoint, params)), 1)
