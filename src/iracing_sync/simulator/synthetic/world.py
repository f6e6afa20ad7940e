"""A world made up by rule: from 2008 on, with all the oddities that the real service is known for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from iracing_sync.quarters import Quarter
from iracing_sync.simulator.synthetic import catalogue, constants, listings
from iracing_sync.simulator.synthetic.assumptions import Assumptions
from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.happenings import Happening
from iracing_sync.simulator.synthetic.history import happenings_between, layouts_at
from iracing_sync.simulator.synthetic.schedules import round_documents
from iracing_sync.simulator.synthetic.season_headers import season_header
from iracing_sync.simulator.synthetic.seasons import Season, listed_seasons, running_seasons, season_by_id
from iracing_sync.simulator.world import has_quarter

Answer = Callable[[Mapping[str, str], datetime], Any]


class SyntheticWorld:
    """An invented iRacing whose every answer follows from the seed, the question and the moment alone."""

    def __init__(
        self,
        seed: int = 2008,
        *,
        past: str = "complete",
        active_means: str = "alive",
        coming: str = "at_once",
        tells_present: bool = True,
    ) -> None:
        self._dice = Dice(seed)
        self._assumptions = Assumptions(past, active_means, coming, tells_present)
        self._answers: dict[str, Answer] = {**self._series_answers(), **self._catalogue_answers()}

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        """Return the document as it is at the moment; raises LookupError or ValueError."""
        return self._answers[endpoint](params, at)

    def happenings(self, since: datetime, until: datetime) -> list[Happening]:
        """Return what changes after `since` and not after `until`, in order: this world's own truth."""
        return happenings_between(since, until, self._dice)

    def _series_answers(self) -> dict[str, Answer]:
        dice, assumptions = self._dice, self._assumptions
        return {
            "series/get": lambda _, at: listings.series_get(at, dice),
            "series/seasons": self._series_seasons,
            "series/season_list": lambda params, at: listings.series_season_list(
                _seasons_asked_for(params, at), at, dice
            ),
            "series/season_schedule": self._series_season_schedule,
            "series/past_seasons": self._series_past_seasons,
            "series/stats_series": lambda _, at: listings.series_stats_series(at, dice, assumptions),
            "season/list": lambda params, at: listings.season_list(_quarter(params), at, dice, assumptions),
            "season/race_guide": lambda _, at: listings.season_race_guide(at, dice),
        }

    def _catalogue_answers(self) -> dict[str, Answer]:
        return {
            "series/assets": lambda _, at: listings.series_assets(at),
            "track/get": lambda _, at: catalogue.track_get(layouts_at(at, self._dice), self._dice),
            "track/assets": lambda _, at: catalogue.track_assets(layouts_at(at, self._dice)),
            "car/get": lambda _, __: catalogue.car_get(self._dice),
            "car/assets": lambda _, __: catalogue.car_assets(),
            "carclass/get": lambda _, __: catalogue.carclass_get(),
            "lookup/current_season": self._current_season,
            "lookup/licenses": lambda _, __: constants.lookup_licenses(),
            "constants/categories": lambda _, at: constants.constants_categories(at),
            "constants/divisions": lambda _, __: constants.constants_divisions(),
            "constants/event_types": lambda _, __: constants.constants_event_types(),
            "doc": lambda _, __: constants.doc(),
        }

    def _series_seasons(self, params: Mapping[str, str], at: datetime) -> list[dict[str, Any]]:
        if not has_quarter(params):
            return [self._document(season, at) for season in running_seasons(at)]
        if self._assumptions.lists_only_active:
            begun = [season for season in running_seasons(at) if season.runs_in(_quarter(params))]
            return [self._document(season, at) for season in begun]
        named = listed_seasons(_quarter(params), at, self._assumptions.named)
        seasons = [season for season in named if not self._assumptions.leaves_out(season, at)]
        return [
            self._document(season, at, with_rounds=not self._assumptions.drops_rounds(season, at)) for season in seasons
        ]

    def _document(self, season: Season, at: datetime, *, with_rounds: bool = True) -> dict[str, Any]:
        rounds = round_documents(season, at, self._dice) if with_rounds else []
        return {**season_header(season, at, self._dice), "schedules": rounds}

    def _current_season(self, _params: Mapping[str, str], at: datetime) -> list[dict[str, Any]]:
        if not self._assumptions.tells_present:
            raise LookupError("no lookup/current_season")
        return constants.lookup_current_season(at)

    def _series_past_seasons(self, params: Mapping[str, str], at: datetime) -> dict[str, Any]:
        return listings.series_past_seasons(int(params["series_id"]), at, self._dice, self._assumptions)

    def _series_season_schedule(self, params: Mapping[str, str], at: datetime) -> dict[str, Any]:
        season = season_by_id(int(params["season_id"]), at, self._assumptions.named)
        if not self._assumptions.has_schedule(season, at):
            return {"success": False, "season_id": season.season_id}
        return {"success": True, "season_id": season.season_id, "schedules": round_documents(season, at, self._dice)}


def _seasons_asked_for(params: Mapping[str, str], at: datetime) -> list[Season]:
    """Return the seasons of the quarter asked for, or the active ones where year or quarter is missing."""
    return list(listed_seasons(_quarter(params), at)) if has_quarter(params) else running_seasons(at)


def _quarter(params: Mapping[str, str]) -> Quarter:
    quarter = Quarter(int(params["season_year"]), int(params["season_quarter"]))
    if quarter.number not in (1, 2, 3, 4):
        raise ValueError(f"no quarter {quarter.number}")
    return quarter
