"""Fetching prefetch: in order, a few at a time, and with the faults of each document at its own place."""

import threading
import time
from datetime import UTC, datetime

import pytest

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError
from iracing_sync.fetch.prefetch import Prefetch, Wish


class SlowSource:
    """Counts how many documents are under way, and those that nobody has taken yet."""

    def __init__(self, broken: frozenset[int] = frozenset()) -> None:
        self.broken = broken
        self.asked: list[int] = []
        self.under_way = self.most_under_way = self.held = self.most_held = 0
        self.lock = threading.Lock()

    def document(self, endpoint, params, **_how) -> Document:
        number = params["series_id"]
        with self.lock:
            self.asked.append(number)
            self.under_way += 1
            self.held += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            self.most_held = max(self.most_held, self.held)
        time.sleep(0.01)
        with self.lock:
            self.under_way -= 1
        if number in self.broken:
            raise DocumentError(f"{number} is broken")
        return Document(endpoint, params, b"[]", datetime.now(UTC))

    def leave_thread(self) -> None:
        pass


def wish(number: int) -> Wish:
    return Wish("series/past_seasons", {"series_id": number})


def take(prefetch: Prefetch, source: SlowSource, number: int) -> int:
    document = prefetch.document(wish(number).endpoint, wish(number).params)
    with source.lock:
        source.held -= 1
    return document.params["series_id"]


@pytest.mark.parametrize(("width", "most"), [(1, 1), (4, 4)])
def test_documents_come_in_order_a_few_at_a_time_and_each_is_asked_for_once(width, most) -> None:
    source = SlowSource()
    prefetch = Prefetch(source, width)

    assert [take(prefetch, source, number) for number in prefetch.through(range(50), lambda n: [wish(n)])] == [
        *range(50)
    ]
    assert sorted(source.asked) == [*range(50)]
    assert source.most_under_way == most
    assert source.most_held <= most


def test_a_broken_document_is_raised_where_it_is_wanted_and_the_others_come() -> None:
    source = SlowSource(broken=frozenset({3}))
    prefetch = Prefetch(source, 4)
    came = []
    for number in prefetch.through(range(8), lambda n: [wish(n)]):
        if number == 3:
            with pytest.raises(DocumentError, match="3 is broken"):
                take(prefetch, source, number)
        else:
            came.append(take(prefetch, source, number))

    assert came == [0, 1, 2, 4, 5, 6, 7]


def test_a_document_that_was_wished_for_in_vain_takes_no_room() -> None:
    source = SlowSource()
    prefetch = Prefetch(source, 2)

    for number in prefetch.through(range(10), lambda n: [wish(n)]):
        if number % 2:
            take(prefetch, source, number)

    assert len(source.asked) == 10


def test_what_an_outer_walk_has_at_hand_takes_no_room_from_an_inner_one() -> None:
    source = SlowSource()
    prefetch = Prefetch(source, 4)
    most_inside = 0

    for number in prefetch.through(range(0, 400, 100), lambda n: [wish(n)]):
        take(prefetch, source, number)
        time.sleep(0.03)  # those ahead are at hand by now
        source.most_under_way = 0
        for inner in prefetch.through(range(number + 1, number + 20), lambda n: [wish(n)]):
            take(prefetch, source, inner)
        most_inside = max(most_inside, source.most_under_way)
        assert source.most_under_way <= 4

    assert most_inside == 4
