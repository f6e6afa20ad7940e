"""The command, also as `python -m iracing_sync`."""

from iracing_sync.signals import SIGNALS


def main() -> None:
    """Hear signals, then load the command line and run it."""
    SIGNALS.listen()
    from iracing_sync.cli import main as run  # it takes 0.1 s to import, in which a signal may come

    run()


if __name__ == "__main__":
    main()
