"""Text for people, in which nothing but the text itself has an effect on a terminal."""

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
    return "".join(escaped(one) if unicodedata.category(one) in UNSEEN else one for one in text)


def escaped(character: str) -> str:
    """Write a character as Python would."""
    return character.encode("unicode_escape").decode("ascii")
