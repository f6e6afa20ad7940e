"""Chance that falls the same way whenever it is asked the same question."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class Dice:
    """Dice without memory: what falls depends on the seed and on what it is thrown about."""

    seed: int

    def roll(self, sides: int, *about: object) -> int:
        """Return a number from 0 to `sides` - 1."""
        return _fall((self.seed, *about)) % sides

    def between(self, low: int, high: int, *about: object) -> int:
        """Return a number from `low` to `high`, both included."""
        return low + self.roll(high - low + 1, *about)

    def pick(self, items: Sequence[Item], *about: object) -> Item:
        """Return one of the items."""
        return items[self.roll(len(items), *about)]

    def permutation(self, items: Sequence[Item], *about: object) -> list[Item]:
        """Return the items in an order of chance."""
        order = sorted(range(len(items)), key=lambda place: self.roll(1 << 32, place, *about))
        return [items[place] for place in order]


@lru_cache(maxsize=1 << 16)
def _fall(about: tuple[object, ...]) -> int:
    digest = blake2b(repr(about).encode(), digest_size=8).digest()
    return int.from_bytes(digest)
