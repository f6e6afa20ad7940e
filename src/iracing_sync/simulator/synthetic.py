"""A world made up by rule: from 2008 on, with all the oddities that the real service is known for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from iracing_sync.simulator import catalogue, constants, listings
from iracing_sync.simulator.dice import Dice
from iracing_sync.simulator.quarters import Quarter
from iracing_sync.simulator.rounds import schedules
from iracing_sync.simulator.seasons import Season, active, header, season_of, tagged

Answer = Callable[[Mapping[str, str], datetime], Any]


class SyntheticWorld:
    """An invented iRacing whose every answer follows from the seed, the question and the moment alone."""

    def __init__(self, seed: int = 2008) -> None:
        self._dice = Dice(seed)
        self._answers: dict[str, Answer] = {**self._listed_answers(), **self._fixed_answers()}

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        """Return the document as it is at the moment; raises LookupError or ValueError."""
        return self._answers[endpoint](params, at)

    def _listed_answers(self) -> dict[str, Answer]:
        dice = self._dice
        return {
            "series/get": lambda _, at: listings.series_list(at),
            "series/seasons": lambda params, at: [self._season(season, at) for season in _asked_for(params, at)],
            "series/season_list": lambda params, at: listings.season_headers(_asked_for(params, at), at, dice),
            "series/season_schedule": self._schedule,
            "series/past_seasons": lambda params, at: listings.past_seasons(int(params["series_id"]), at, dice),
            "series/stats_series": lambda _, at: listings.stats_series(at, dice),
            "season/list": lambda params, at: listings.season_list(_quarter(params), at),
            "season/race_guide": lambda _, at: listings.race_guide(at),
        }

    def _fixed_answers(self) -> dict[str, Answer]:
        return {
            "series/assets": lambda _, __: listings.series_assets(),
            "track/get": lambda _, __: catalogue.track_documents(self._dice),
            "track/assets": lambda _, __: catalogue.track_assets(),
            "car/get": lambda _, __: catalogue.car_documents(self._dice),
            "car/assets": lambda _, __: catalogue.car_assets(),
            "carclass/get": lambda _, __: catalogue.class_documents(),
            "lookup/licenses": lambda _, __: constants.licenses(),
            "constants/categories": lambda _, at: constants.categories(at),
            "constants/divisions": lambda _, __: constants.divisions(),
            "constants/event_types": lambda _, __: constants.event_types(),
            "doc": lambda _, __: constants.index(),
        }

    def _season(self, season: Season, at: datetime) -> dict[str, Any]:
        return {**header(season, at, self._dice), "schedules": schedules(season, at, self._dice)}

    def _schedule(self, params: Mapping[str, str], at: datetime) -> dict[str, Any]:
        season = season_of(int(params["season_id"]), at)
        return {"success": True, "season_id": season.season_id, "schedules": schedules(season, at, self._dice)}


def _asked_for(params: Mapping[str, str], at: datetime) -> list[Season]:
    """Return the seasons of the quarter asked for, or the active ones where year or quarter is missing."""
    if {"season_year", "season_quarter"} <= params.keys():
        return list(tagged(_quarter(params), at))
    return active(at)


def _quarter(params: Mapping[str, str]) -> Quarter:
    quarter = Quarter(int(params["season_year"]), int(params["season_quarter"]))
    if quarter.number not in (1, 2, 3, 4):
        raise ValueError(f"no quarter {quarter.number}")
    return quarter
