"""JSON that no decoder takes, or no database holds, for a character or two: mended, so that it costs no document."""

import re

LONE_OR_NUL = re.compile(
    rb"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"  # an escaped backslash, a pair: left alone
    rb"|\\u0000"
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)

NUL = rb"\u0000"
REPLACEMENT = rb"\ufffd"


def valid_json(body: bytes) -> bytes:
    r"""Return JSON without NUL, which PostgreSQL cannot hold, and with U+FFFD for what is half a character.

    >>> valid_json(rb'["a\u0000b", "\ud83d\ude00", "\ud83d", "\\u0000"]')
    b'["ab", "\\ud83d\\ude00", "\\ufffd", "\\\\u0000"]'
    """
    text = body.decode(errors="replace").encode()
    return LONE_OR_NUL.sub(lambda found: found[1] or (b"" if found[0] == NUL else REPLACEMENT), text)
