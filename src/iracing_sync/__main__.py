"""The command, also as `python -m iracing_sync`."""

import os
import sys

from iracing_sync.signals import SIGNALS


def main() -> None:
    """Hear signals, then load the command line and run it."""
    SIGNALS.listen()
    open_streams()
    from iracing_sync.cli import main as run  # it takes 0.1 s to import, in which a signal may come

    run()


def open_streams() -> None:
    """Give the process the streams that it was started without: what it opens next would be taken for one of them."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8"))


if __name__ == "__main__":
    main()
