"""Everything that can go wrong, sorted by what to do about it.

SyncError                stop, with an exit code of its own
├── UnforeseenError      a fault of this program: say so, and how to report it
├── SettingsError        a setting or an option is missing or unusable
├── AccessRefused        iRacing refuses our credentials
├── ApiUnavailable       a passing fault: try again, stop if it lasts
│   ├── CallLater        the rate limit leaves no call for a while
│   └── CallBudgetSpent  the calls that this run was allowed are made: the next one goes on
├── DatabaseError        unreachable, not migrated, or refusing
├── RunLocked            another run is at work on this schema
├── GuardRefused         a document is too unlike the last one to be trusted
├── OutputError          nobody takes what a command prints
├── Interrupted          a person or the system ends us: say so and leave in order
└── DocumentError        one document is at fault: skip it, report it, go on
    ├── MappingError     it has not the shape that its mapper expects
    ├── LoadError        the database refuses its rows
    └── NothingFound     no document holds what was asked for
"""

from collections.abc import Iterator


class SyncError(Exception):
    """The reason why a command stops; its message is for the person who ran it, and so is the command to type next."""

    exit_code = 1
    next = "iracing-sync status"

    def as_dict(self) -> dict[str, object]:
        """Return the error under the names of the contract."""
        return {"ok": False, "code": self.exit_code, "message": str(self), "next": self.next}


class UnforeseenError(SyncError):
    """Something that should not happen, whatever iRacing sends or the database does; the message says where."""

    next = "iracing-sync run --debug"

    def __init__(self, where: str, error: BaseException) -> None:
        super().__init__(
            f"{where}: {type(error).__name__}: {one_line(error)}; "
            "this is a fault of iracing-sync: please report it with what `--debug` shows"
        )


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def one_line(error: BaseException, most: int = 200) -> str:
    """Return the first line of what an error says, not too long."""
    said = str(error).strip().partition("\n")[0]
    return said if len(said) <= most else f"{said[: most - 3]}..."


class SettingsError(SyncError):
    """A setting or an option is missing or unusable."""

    exit_code = 2
    next = "iracing-sync --help"


class AccessRefused(SyncError):
    """The credentials, the token or the scope are refused by iRacing."""

    exit_code = 4
    next = "iracing-sync auth status"


class ApiUnavailable(SyncError):
    """A passing fault of iRacing or of the way to it."""

    exit_code = 5
    next = "iracing-sync run"


class CallLater(ApiUnavailable):
    """The rate limit leaves no call for so long that one had better do something else; `seconds` is how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the rate limit of the account leaves no call for {seconds:.0f} s")
        self.seconds = seconds


class CallBudgetSpent(ApiUnavailable):
    """All the calls that `--max-calls` allows are made."""


class DatabaseError(SyncError):
    """The database is unreachable, not migrated, or refuses."""

    exit_code = 6
    next = "iracing-sync db check"


class RunLocked(SyncError):
    """Another run holds the lock of the schema."""

    exit_code = 7


class GuardRefused(SyncError):
    """A guard that was asked to be strict refuses a document; nothing of it is written."""

    exit_code = 8


class DocumentError(SyncError):
    """One document is at fault; the others are not."""

    exit_code = 3


class MappingError(DocumentError):
    """A document has not the shape that its mapper expects; the message names endpoint and JSON path."""


class LoadError(DocumentError):
    """The database refuses the rows of a document."""


class NothingFound(DocumentError):
    """No document holds what was asked for."""


class OutputError(SyncError):
    """What a command prints cannot be written, as on a full disk, or nobody reads it any more."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"the output cannot be written: {error.strerror}")
        if isinstance(error, BrokenPipeError):
            self.exit_code = CLOSED_PIPE


CLOSED_PIPE = 141
"""How a shell counts what ends because nobody reads on: 128 and the number of SIGPIPE."""


class Interrupted(SyncError, KeyboardInterrupt):
    """A signal asks us to end; a KeyboardInterrupt too, so that libraries let go of what they hold."""

    exit_code = 130

    def __init__(self, message: str, exit_code: int = exit_code) -> None:
        super().__init__(message)
        self.exit_code = exit_code
