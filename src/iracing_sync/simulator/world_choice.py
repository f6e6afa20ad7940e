"""Which world is meant by a name."""

from pathlib import Path

from iracing_sync.simulator.replay import ReplayWorld
from iracing_sync.simulator.synthetic.world import SyntheticWorld
from iracing_sync.simulator.world import World


def world_from(name: str, *, past: str = "complete", coming: str = "at_once") -> World:
    """Return the world called `synthetic`, or the replay of the folder of recordings of that name.

    `past` is what the synthetic one lists of a quarter, `coming` how it publishes the next.

    Raises SettingsError where the folder is missing or holds no recordings.
    """
    return SyntheticWorld(past=past, coming=coming) if name == "synthetic" else ReplayWorld(Path(name))
