"""Text for people: its numbers and names in words, and nothing but the text itself has an effect on a terminal."""

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, what turns the direction of writing, half characters, and separators of lines."""


def plain_text(text: str) -> str:
    r"""Write a text in one line with its controls escaped: a name could write over the screen, or into the next line.

    >>> plain_text("GT3\x1b]0;owned\x07 \u202ecup\n")
    'GT3\\x1b]0;owned\\x07 \\u202ecup\\n'
    """
    if text.isprintable():
        return text
    return "".join(escape_of(one) if unicodedata.category(one) in UNSEEN else one for one in text)


def escape_of(character: str) -> str:
    """Write a character as Python would."""
    return character.encode("unicode_escape").decode("ascii")


def one_line(text: str) -> str:
    r"""Write a name without the spaces that it has too many of.

    >>> one_line("Regional Tour  - Americas\n")
    'Regional Tour - Americas'
    """
    return " ".join(text.split())


def layout_name(track: str, layout: str | None) -> str:
    """Write the name of a layout after that of its track, once where the track's ends with it.

    >>> layout_name("Iowa Speedway - Oval - 2011", "Oval - 2011"), layout_name("Sebring", "Club")
    ('Iowa Speedway - Oval - 2011', 'Sebring - Club')
    """
    both = track if not layout or f" {track}".endswith(f" {layout}") else f"{track} - {layout}"
    return one_line(both)


def bytes_in_words(number: int) -> str:
    """Write a number of bytes in a unit that suits it.

    >>> bytes_in_words(512), bytes_in_words(1_536_000), bytes_in_words(3_100_000_000)
    ('512 B', '1.5 MB', '3.1 GB')
    """
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if number >= 10**power:
            return f"{number / 10**power:.1f} {unit}"
    return f"{number} B"


def how_many(number: int, thing: str, things: str | None = None) -> str:
    """Write a number of things, one in the singular.

    >>> how_many(1, "call"), how_many(1200, "call"), how_many(0, "entry", "entries")
    ('1 call', '1,200 calls', '0 entries')
    """
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"
