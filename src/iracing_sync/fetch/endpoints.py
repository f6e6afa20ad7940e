"""The endpoints: what each is called, under which key its documents are cached, and how long they are fresh."""

from dataclasses import dataclass
from string import Formatter

from iracing_sync.documents import NO_PARAMS, Params

SEASONS = "series/seasons"
SERIES = "series/get"
SERIES_ASSETS = "series/assets"
PAST_SEASONS = "series/past_seasons"
SEASON_SCHEDULE = "series/season_schedule"
STATS_SERIES = "series/stats_series"
SEASON_LIST = "season/list"
CURRENT_SEASON = "lookup/current_season"
TRACKS = "track/get"
CARS = "car/get"
CAR_CLASSES = "carclass/get"

CATALOGUES = (SERIES_ASSETS, TRACKS, CARS, CAR_CLASSES)

LISTING, CATALOGUE = 0.9, 7


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way to ask: the path below `/data/`, and a cache key whose fields are exactly the parameters asked with.

    `life` is how long a document is fresh, as a multiple of IRACING_CACHE_TTL. What tells of seasons falls
    a little short of it: a job that starts every day at the same time, or some seconds early, asks anew every day.
    """

    path: str
    cache_key: str
    life: float = 1

    def takes(self, path: str, params: Params) -> bool:
        """Tell whether this is the way to ask for `path` with these parameters."""
        names = {name for _, name, _, _ in Formatter().parse(self.cache_key) if name}
        return self.path == path and names == params.keys()


ENDPOINTS = (
    Endpoint(SERIES, "iracing:series", LISTING),
    Endpoint(SEASONS, "iracing:seasons", LISTING),
    Endpoint(SEASONS, "iracing:seasons:{season_year}:{season_quarter}", LISTING),
    Endpoint(PAST_SEASONS, "iracing:series:{series_id}:past_seasons"),
    Endpoint(SEASON_SCHEDULE, "iracing:season:{season_id}:schedule", LISTING),
    Endpoint(SEASON_LIST, "iracing:season:list:{season_year}:{season_quarter}", LISTING),
    Endpoint(CURRENT_SEASON, "iracing:current_season", CATALOGUE),
    Endpoint(TRACKS, "iracing:tracks", CATALOGUE),
    Endpoint(CARS, "iracing:cars", CATALOGUE),
    Endpoint(CAR_CLASSES, "iracing:car_classes", CATALOGUE),
    Endpoint(SERIES_ASSETS, "iracing:series_assets", CATALOGUE),
    Endpoint(STATS_SERIES, "iracing:stats_series", CATALOGUE),
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
