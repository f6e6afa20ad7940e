"""A loopback stand-in for iRacing: OAuth, links, limits and faults around a world of documents."""

from iracing_sync.simulator.replay import ReplayWorld
from iracing_sync.simulator.service.faults import Faults
from iracing_sync.simulator.service.server import Simulator
from iracing_sync.simulator.synthetic.happenings import Happening
from iracing_sync.simulator.synthetic.world import SyntheticWorld
from iracing_sync.simulator.world import World
from iracing_sync.simulator.world_choice import world_from

__all__ = ["Faults", "Happening", "ReplayWorld", "Simulator", "SyntheticWorld", "World", "world_from"]
