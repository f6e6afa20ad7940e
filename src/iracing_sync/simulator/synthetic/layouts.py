"""The layouts of the simulated iRacing: those there always were, and those that are built later."""

from typing import NamedTuple

UNLISTED_TRACK_ID = 9901
PLACES = {
    "oval": ("Amberfield", "Cobalt Bend", "Dunmore", "Elk Hollow", "Ferrous City", "Gallows Hill", "Harrow", "Inkwell"),
    "road": (
        *("Juniper Ridge", "Kestrel Park", "Lindenmoor", "Marrowdale", "Nordhavn", "Ostrava Lakes", "Pinecombe"),
        *("Quillon", "Rothwell", "Santa Brisa", "Tarnwick", "Umberto Valley", "Val d'Orme", "Wexcombe"),
    ),
    "dirt_oval": ("Xenia Flats", "Yarrow County", "Zephyr Clay", "Bramble Pit"),
    "dirt_road": ("Cragside", "Dusty Fork", "Emberlein", "Frostholm"),
}
CONFIGS = (None, "Short", "Long")
FIRST_NEW_TRACK_ID = 5001
FIRST_NEW_PACKAGE_ID = 501
NEW_PLACES = (
    ("Apricot", "Brindle", "Cinder", "Driftwood", "Elderberry", "Falcon", "Gossamer", "Hazel"),
    ("Heath", "Crossing", "Basin", "Meadow", "Narrows", "Plateau", "Quarry", "Shore"),
)


class Layout(NamedTuple):
    """One layout: what is raced on."""

    track_id: int
    package_id: int
    name: str
    config: str | None
    kind: str


def _layouts() -> list[Layout]:
    places = [(kind, place) for kind, names in PLACES.items() for place in names]
    return [
        Layout(10 * package + number, package, f"{place} Circuit", CONFIGS[number], kind)
        for package, (kind, place) in enumerate(places, start=11)
        for number in range(1 + package % 3)
    ]


LAYOUTS = _layouts()
LAYOUTS_OF = {kind: [layout for layout in LAYOUTS if layout.kind == kind] for kind in PLACES}
_LAYOUTS = {layout.track_id: layout for layout in LAYOUTS}


def layout_of(track_id: int, kind: str) -> Layout:
    """Return a layout by its number; one that is built later is alone in its package, and of the kind given."""
    return _LAYOUTS.get(track_id) or _new_layout(track_id, kind)


def _new_layout(track_id: int, kind: str) -> Layout:
    place = track_id - FIRST_NEW_TRACK_ID
    firsts, seconds = NEW_PLACES
    name = f"{firsts[place % len(firsts)]} {seconds[place // len(firsts) % len(seconds)]}"
    return Layout(track_id, FIRST_NEW_PACKAGE_ID + place, f"{name} Circuit", None, kind)


def track_kind(category: str) -> str:
    """Return which tracks a category races on."""
    return "road" if category in ("sports_car", "formula_car") else category
