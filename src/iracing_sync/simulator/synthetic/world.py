"""A world made up by rule: from 2008 on, with all the oddities that the real service is known for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from iracing_sync.quarters import Quarter
from iracing_sync.simulator.synthetic import catalogue, constants, listings
from iracing_sync.simulator.synthetic.assumptions import Choices
from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.happenings import Happening
from iracing_sync.simulator.synthetic.history import happenings_between, layouts_at
from iracing_sync.simulator.synthetic.schedules import schedules
from iracing_sync.simulator.synthetic.season_headers import header
from iracing_sync.simulator.synthetic.seasons import Season, active, season_of, tagged
from iracing_sync.simulator.world import has_quarter

Answer = Callable[[Mapping[str, str], datetime], Any]


class SyntheticWorld:
    """An invented iRacing whose every answer follows from the seed, the question and the moment alone."""

    def __init__(self, seed: int = 2008, *, past: str = "complete", active_means: str = "alive") -> None:
        self._dice = Dice(seed)
        self._choices = Choices(past, active_means)
        self._answers: dict[str, Answer] = {**self._listed_answers(), **self._fixed_answers()}

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        """Return the document as it is at the moment; raises LookupError or ValueError."""
        return self._answers[endpoint](params, at)

    def happenings(self, since: datetime, until: datetime) -> list[Happening]:
        """Return what changes after `since` and not after `until`, in order: this world's own truth."""
        return happenings_between(since, until, self._dice)

    def _listed_answers(self) -> dict[str, Answer]:
        dice, choices = self._dice, self._choices
        return {
            "series/get": lambda _, at: listings.series_list(at, dice),
            "series/seasons": self._seasons,
            "series/season_list": lambda params, at: listings.season_headers(_asked_for(params, at), at, dice),
            "series/season_schedule": self._schedule,
            "series/past_seasons": self._past_seasons,
            "series/stats_series": lambda _, at: listings.stats_series(at, dice, choices),
            "season/list": lambda params, at: listings.season_list(_quarter(params), at, dice),
            "season/race_guide": lambda _, at: listings.race_guide(at, dice),
        }

    def _fixed_answers(self) -> dict[str, Answer]:
        return {
            "series/assets": lambda _, at: listings.series_assets(at),
            "track/get": lambda _, at: catalogue.track_documents(layouts_at(at, self._dice), self._dice),
            "track/assets": lambda _, at: catalogue.track_assets(layouts_at(at, self._dice)),
            "car/get": lambda _, __: catalogue.car_documents(self._dice),
            "car/assets": lambda _, __: catalogue.car_assets(),
            "carclass/get": lambda _, __: catalogue.class_documents(),
            "lookup/licenses": lambda _, __: constants.licenses(),
            "constants/categories": lambda _, at: constants.categories(at),
            "constants/divisions": lambda _, __: constants.divisions(),
            "constants/event_types": lambda _, __: constants.event_types(),
            "doc": lambda _, __: constants.index(),
        }

    def _seasons(self, params: Mapping[str, str], at: datetime) -> list[dict[str, Any]]:
        if not has_quarter(params):
            return [self._season(season, at) for season in active(at)]
        told = [season for season in _asked_for(params, at) if not self._choices.leaves_out(season, at)]
        return [self._season(season, at, told_whole=not self._choices.drops_rounds(season, at)) for season in told]

    def _season(self, season: Season, at: datetime, *, told_whole: bool = True) -> dict[str, Any]:
        rounds = schedules(season, at, self._dice) if told_whole else []
        return {**header(season, at, self._dice), "schedules": rounds}

    def _past_seasons(self, params: Mapping[str, str], at: datetime) -> dict[str, Any]:
        return listings.past_seasons(int(params["series_id"]), at, self._dice, self._choices)

    def _schedule(self, params: Mapping[str, str], at: datetime) -> dict[str, Any]:
        season = season_of(int(params["season_id"]), at)
        return {"success": True, "season_id": season.season_id, "schedules": schedules(season, at, self._dice)}


def _asked_for(params: Mapping[str, str], at: datetime) -> list[Season]:
    """Return the seasons of the quarter asked for, or the active ones where year or quarter is missing."""
    return list(tagged(_quarter(params), at)) if has_quarter(params) else active(at)


def _quarter(params: Mapping[str, str]) -> Quarter:
    quarter = Quarter(int(params["season_year"]), int(params["season_quarter"]))
    if quarter.number not in (1, 2, 3, 4):
        raise ValueError(f"no quarter {quarter.number}")
    return quarter
