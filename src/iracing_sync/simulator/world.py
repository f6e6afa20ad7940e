"""What the simulator asks of the iRacing that it imitates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


class World(Protocol):
    """An iRacing that can be asked for documents."""

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        """Return the document as it is at the moment `at`.

        Raises LookupError for an endpoint or a key that this world does not know, ValueError for an unusable parameter.
        """
        ...


def has_quarter(params: Mapping[str, str]) -> bool:
    """Say whether a question is about one quarter, named by year and number."""
    return {"season_year", "season_quarter"} <= params.keys()
