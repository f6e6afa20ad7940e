"""What the simulator asks of the iRacing it imitates, and how a world is chosen by name."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol


class World(Protocol):
    """An iRacing that can be asked for documents."""

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        """Return the document as it is at the moment `at`.

        Raises LookupError for an endpoint or a key that this world does not know, ValueError for an unusable parameter.
        """
        ...


def world_from(name: str) -> World:
    """Return the world called `synthetic`, or the replay of the folder of recordings of that name.

    Raises SettingsError where the folder is missing or holds no recordings.
    """
    from iracing_sync.simulator.replay import ReplayWorld
    from iracing_sync.simulator.synthetic import SyntheticWorld

    return SyntheticWorld() if name == "synthetic" else ReplayWorld(Path(name))
