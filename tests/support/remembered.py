"""The synthetic world with a memory: many tests ask it the same at the same moments, and it takes its time."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from iracing_sync.simulator import SyntheticWorld
from iracing_sync.simulator.synthetic.assumptions import Assumptions
from iracing_sync.simulator.synthetic.dice import Dice


class RememberedWorld(SyntheticWorld):
    """Gives what the world it stands for would, made once."""

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        """Return a document of its own to whoever asks: a fault may change it."""
        return orjson.loads(answer_of(self._dice, self._assumptions, endpoint, tuple(sorted(params.items())), at))


@lru_cache(maxsize=128)
def answer_of(
    dice: Dice, assumptions: Assumptions, endpoint: str, params: tuple[tuple[str, str], ...], at: datetime
) -> bytes:
    world = SyntheticWorld(dice.seed, **asdict(assumptions))
    return orjson.dumps(world.answer(endpoint, dict(params), at), option=orjson.OPT_NON_STR_KEYS)
