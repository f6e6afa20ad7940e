"""Faults to order: what goes wrong, at which endpoint, and how often.

| kind | what happens |
| --- | --- |
| `status:N` | that status, with `body` (JSON) or `text`, `headers`, and for 429 `reset` in seconds from now |
| `unauthorized` | HTTP 401 |
| `redirect`, `link_redirect` | HTTP 302 of the API or of the link to `location`, else to where the client is |
| `drop` | the connection is reset before the answer |
| `lost_answer` | the same, but the request has been carried out |
| `hang`, `link_hang` | no answer at all |
| `slow:S` | the answer comes after so many seconds |
| `replace`, `edit` | another document (`body`), or one whose `path` holds another `value` or is missing (`delete`) |
| `foreign_link` | the answer leads to `link` |
| `expired_link`, `link_status:N` | the link answers 403, or that status |
| `cut`, `html`, `garbage_gzip` | half a document as if it were whole, a web page, noise that claims to be gzip |
| `short_body`, `drop_late` | half of the body, then the connection is closed, or reset |
| `big_body:N` | a document of N MB; packed with `gzip` |
| `trickle:S` | one byte every so many seconds |
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

FOR_EVER = -1
ANSWER_KINDS = frozenset({"status", "unauthorized", "redirect", "drop", "hang"})
SLOW_KINDS = frozenset({"slow"})
LOST_KINDS = frozenset({"lost_answer"})
CONTENT_KINDS = frozenset({"replace", "edit"})
FOREIGN_KINDS = frozenset({"foreign_link"})
DIRECT_KINDS = frozenset({"cut", "html", "garbage_gzip", "short_body", "drop_late", "big_body", "trickle"})
LINK_KINDS = DIRECT_KINDS | {"expired_link", "link_status", "link_redirect", "link_hang"}
KINDS = ANSWER_KINDS | SLOW_KINDS | LOST_KINDS | CONTENT_KINDS | FOREIGN_KINDS | LINK_KINDS


@dataclass
class Fault:
    """One thing that goes wrong.

    `kind` is the word before the colon, `argument` what stands behind it (a status, seconds); `times` counts down to
    nought, -1 is for ever; `details` holds whatever else its kind takes.
    """

    endpoint: str
    kind: str
    argument: str = ""
    times: int = FOR_EVER
    details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, order: Mapping[str, Any]) -> "Fault":
        """Read a fault from its JSON form; raises ValueError for an unknown kind."""
        kind, _, argument = str(order["kind"]).partition(":")
        if kind not in KINDS:
            raise ValueError(f"no fault is called {kind}; there are {', '.join(sorted(KINDS))}")
        return cls(str(order.get("endpoint", "*")), kind, argument, int(order.get("times", FOR_EVER)), order)

    def fits(self, endpoint: str, kinds: Iterable[str]) -> bool:
        """Say whether it strikes here; `*` means every endpoint of `/data`, but none of OAuth."""
        everywhere = self.endpoint == "*" and not endpoint.startswith("oauth2/")
        return self.times != 0 and self.kind in kinds and (everywhere or self.endpoint == endpoint)


@dataclass
class Faults:
    """The faults that are switched on, in the order in which they strike."""

    pending: list[Fault] = field(default_factory=list)

    def set(self, orders: Mapping[str, Any] | list[Mapping[str, Any]]) -> None:
        """Add one fault, or replace all by a list of them; an empty list clears."""
        if isinstance(orders, list):
            self.pending[:] = [Fault.from_json(order) for order in orders]
        else:
            self.pending.append(Fault.from_json(orders))

    def clear(self) -> None:
        """Let everything go well again."""
        self.pending.clear()

    def take(self, endpoint: str, kinds: Iterable[str]) -> Fault | None:
        """Return the first fault that strikes here, and count it."""
        return next(iter(self.take_all(endpoint, kinds, most=1)), None)

    def take_all(self, endpoint: str, kinds: Iterable[str], most: int | None = None) -> list[Fault]:
        """Return the faults that strike here, and count them."""
        due = [fault for fault in self.pending if fault.fits(endpoint, kinds)][:most]
        for fault in due:
            fault.times -= fault.times > 0
        return due


def edit_document(document: Any, fault: Fault) -> Any:
    """Return the document that a `replace` or `edit` fault makes of this one, which is changed in place.

    Raises LookupError where the path leads nowhere, so that a mistyped edit does not go unnoticed.
    """
    if fault.kind == "replace":
        return fault.details["body"]
    *way, last = fault.details["path"]
    place = document
    for step in way:
        place = place[_step_key(place, step)]
    if fault.details.get("delete"):
        del place[_step_key(place, last)]
    else:
        place[_step_key(place, last)] = fault.details["value"]
    return document


def _step_key(place: Any, step: Any) -> Any:
    return int(step) if isinstance(place, list) else str(step)
