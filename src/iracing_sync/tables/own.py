"""The tables that hold what the tool writes of itself: its runs, its calls, and what it noticed.

Nothing of iRacing's is mapped into them, so they are plain tables; a command that needs no others loads no others.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

METADATA = MetaData(naming_convention=NAMES)
"""Of all tables, those of the records among them; which schema they are in, the connection's search path says."""

INSTANT = TIMESTAMP(timezone=True)


def required(name: str, *rest: Any, **options: Any) -> Column[Any]:
    """Return a column that is never null."""
    return Column(name, *rest, nullable=False, **options)


def one_of(name: str, *words: str) -> CheckConstraint:
    """Return a constraint by which a column holds one of some words."""
    return CheckConstraint(f"{name} IN ({', '.join(repr(word) for word in words)})", name=name)


SYNC_RUN = Table(
    "sync_run",
    METADATA,
    Column(
        "run_id", Uuid, primary_key=True, comment="names the run, in the log and in the sessions of the database too"
    ),
    required("started_at", INSTANT, comment="when it began"),
    Column("finished_at", INSTANT, comment="when it ended; null while it runs, or where it was aborted"),
    required("arguments", JSONB, comment="the options of the command, without secrets"),
    required("version", Text, comment="the version of iracing-sync"),
    required("status", Text, comment="running, ok, partial, failed, or aborted where its process ended without a word"),
    Column("exit_code", Integer, comment="as the process ended"),
    Column("counters", JSONB, comment="the result as `run --json` prints it"),
    Column("warnings", JSONB, comment="what it said beside its result"),
    Column("listings", JSONB, comment="how long iRacing's lists were, and how long when they were last believed"),
    Index(None, "started_at"),
    one_of("status", "running", "ok", "partial", "failed", "aborted"),
    comment="One run of `iracing-sync run`.",
)

API_CALL_LOG = Table(
    "api_call_log",
    METADATA,
    Column("call_id", BigInteger, Identity(always=True), primary_key=True, comment="counts the attempts"),
    Column("entry_id", Uuid, unique=True, comment="of the entry on disk, so that none is written twice"),
    Column(
        "run_id",
        ForeignKey(SYNC_RUN.c.run_id, ondelete="CASCADE"),
        comment="null for a command that only reads, or a dry run",
    ),
    required("at", INSTANT, comment="when it was made"),
    required("endpoint", Text, comment="what was asked, as in series/seasons"),
    required("params", JSONB, comment="the parameters of the endpoint"),
    Column("http_status", Integer, comment="null where nothing was asked or nothing answered"),
    required("attempt", Integer, comment="1 is the first try"),
    required("cached", Text, comment="hit, miss or refresh"),
    required("duration_ms", Integer, comment="with the document behind the link"),
    Column("size_bytes", Integer, comment="unpacked, with the document behind the link"),
    Column("rate_limit_remaining", Integer, comment="answers left in the window, as iRacing tells"),
    Column("error", Text, comment="why the attempt gave no document"),
    Index(None, "at"),
    Index(None, "run_id"),
    one_of("cached", "hit", "miss", "refresh"),
    comment="One attempt to get an answer of iRacing, or one document found in the cache.",
)

API_ALLOWANCE = Table(
    "api_allowance",
    METADATA,
    Column("account", Text, primary_key=True, comment="a fingerprint of service, client and user"),
    required("next_at", INSTANT, comment="when the next call is due"),
    required("blocked_until", INSTANT, comment="when a refusal (429) ends"),
    Column("call_limit", Integer, comment="answers in a window, as iRacing tells"),
    required("resets_at", INSTANT, comment="when the window ends, as iRacing tells"),
    required("used", Integer, comment="our own calls since counted_from"),
    required("others", Integer, comment="what else the account was used for in this window"),
    required("counted_from", INSTANT, comment="since when used is counted"),
    required("window_seconds", Double, comment="the longest window seen so far"),
    comment="What an account may still ask of iRacing, shared by all processes that use it.",
)

SCHEDULE_CHANGE = Table(
    "schedule_change",
    METADATA,
    Column(
        "change_id",
        BigInteger,
        Identity(always=True),
        primary_key=True,
        comment="counts the changes in the order of their runs",
    ),
    required("run_id", ForeignKey(SYNC_RUN.c.run_id), comment="the run that found it"),
    required("at", INSTANT, comment="the moment of the run"),
    Column("series_id", Integer, ForeignKey("series.series_id"), comment="null where a car class changed"),
    Column("season_id", Integer, ForeignKey("season.season_id"), comment="null where a whole series changed"),
    Column("race_week_num", Integer, comment="the first of rounds; null where a whole season or series changed"),
    required(
        "rounds",
        ARRAY(Integer),
        server_default=text("'{}'"),
        comment="race_week_num of each round that it is of; empty where a whole season or series changed",
    ),
    required(
        "field",
        Text,
        comment="a column, or times, cars, restrictions, setups, weather, settings, round, season (it is new), "
        "class_cars (who is in a class)",
    ),
    Column("old", JSONB, comment="what it was"),
    Column("new", JSONB, comment="what it is"),
    required("phase", Text, comment="past, current or future, at the moment of the run"),
    required("severity", Text, comment="high, medium or low"),
    Column("sentence", Text, comment="what people read; null where an older version wrote it"),
    Index(None, "season_id", "race_week_num"),
    Index(None, "run_id"),
    Index(None, "series_id"),
    Index(None, "at"),
    one_of("phase", "past", "current", "future"),
    one_of("severity", "high", "medium", "low"),
    comment="A difference between two schedules that matters.",
)

JOB = Table(
    "job",
    METADATA,
    Column("key", Text, primary_key=True, comment="what it is: a document by its name in the cache, or a run"),
    required("kind", Text, comment="document or run"),
    Column("run_id", Uuid, comment="of a document: the run that waits for it"),
    Column("endpoint", Text, comment="of a document: what is asked, as in series/seasons"),
    required("params", JSONB, comment="of a document: the parameters of the endpoint; of a run: what it is asked for"),
    required("cached", Text, comment="of a document: what the ledger says of the way here, miss or refresh"),
    required("tries", Integer, comment="how often a fault that may pass is tried"),
    Column("most_calls", Integer, comment="how many answers it may cost; null where they are not counted"),
    required("state", Text, comment="waiting, done or failed; whoever works on it holds an advisory lock"),
    required("attempt", Integer, server_default=text("0"), comment="how often it was begun"),
    required("calls", Integer, server_default=text("0"), comment="how many answers were asked for it"),
    Column("not_before", INSTANT, comment="when it may be tried again"),
    Column("error", Text, comment="what the last attempt said; null where it was good"),
    Column("error_kind", Text, comment="what kind of error that was"),
    required("put_at", INSTANT, server_default=func.now(), comment="when it was wanted last"),
    Column("published_at", INSTANT, comment="when a message for it was sent last"),
    Column("finished_at", INSTANT, comment="when it was done or failed"),
    Column("fetched_at", INSTANT, comment="of a document: when iRacing answered"),
    Column("body", LargeBinary, comment="of a document: the answer, compressed, until the run has taken it"),
    Index(None, "state"),
    one_of("kind", "document", "run"),
    one_of("state", "waiting", "done", "failed"),
    one_of("cached", "miss", "refresh"),
    comment="What workers do for a run: the truth of it; messages of a broker only hint.",
)

CHANGES_CHANNEL = "iracing_schedule_change"
"""On which PostgreSQL tells whoever listens (LISTEN) that a run has changed something."""

CHANGE_READER = Table(
    "change_reader",
    METADATA,
    Column("name", Text, primary_key=True, comment="what the program that reads calls itself"),
    required("change_id", BigInteger, comment="the last change that it has read"),
    required("read_at", INSTANT, server_default=func.now(), comment="when it read it"),
    comment="How far a program that follows the changes has read.",
)

SCHEMA_DRIFT = Table(
    "schema_drift",
    METADATA,
    Column("endpoint", Text, primary_key=True, comment="the document it was found in"),
    Column("path", Text, primary_key=True, comment="the JSON path, as in $[].schedules[].weather"),
    required(
        "kind",
        Text,
        comment="unknown, appeared, vanished, misfit, or everywhere: the same change in at least half of all rounds",
    ),
    required("first_seen_at", INSTANT, comment="when a run first found it"),
    required("last_seen_at", INSTANT, comment="when a run last found it"),
    one_of("kind", "unknown", "appeared", "vanished", "misfit", "everywhere"),
    comment="A JSON path that is unknown to the mapper, came or went with a release of the API, or holds a wrong type.",
)

DOCUMENT_SHAPE = Table(
    "document_shape",
    METADATA,
    Column("shape_id", Text, primary_key=True, comment="hash of the paths"),
    required("paths", JSONB, comment="each path that occurs, and whether at least half of its objects have it"),
    comment="Which JSON paths the seasons of a document had: what all gain or lose at once is a release.",
)

LOADED_CATALOGUE = Table(
    "loaded_catalogue",
    METADATA,
    Column("endpoint", Text, primary_key=True, comment="car/get, carclass/get or track/get"),
    required("body_hash", Text, comment="SHA-256 of the document"),
    required("version", Text, comment="the version of iracing-sync that loaded it"),
    required("loaded_at", INSTANT, comment="when it was loaded"),
    required("rows", JSONB, comment="how many rows of each table it holds"),
    comment="The catalogue that was loaded last: the same bytes need not be mapped again.",
)

LOADED_DOCUMENTS = Table(
    "loaded_documents",
    METADATA,
    Column(
        "fingerprint",
        Text,
        primary_key=True,
        comment="SHA-256 of the documents with their times, of the options and of the version",
    ),
    required("loaded_at", INSTANT, comment="when they were loaded"),
    required("seasons", Integer, comment="how many they list"),
    required("rows", JSONB, comment="how many rows of each table they hold"),
    required("stored", JSONB, comment="how many rows each table had after loading them"),
    comment="The documents for which the tables stand, as long as nothing else was loaded since: one row or none.",
)

PAST_QUARTER = Table(
    "past_quarter",
    METADATA,
    Column("season_year", Integer, primary_key=True, autoincrement=False, comment="the year"),
    Column("season_quarter", Integer, primary_key=True, autoincrement=False, comment="1 to 4"),
    required("loaded_at", INSTANT, comment="when it was loaded last"),
    required("seasons", Integer, comment="how many were loaded"),
    Column(
        "lacking",
        Integer,
        comment="how many of those in season/list have no schedule even so; null where not compared",
    ),
    required("is_over", Boolean, comment="every round was over: it need not be asked for again"),
    Column("listed", Integer, comment="how many series/seasons gave with their rounds; null where it was not asked"),
    CheckConstraint("season_quarter BETWEEN 1 AND 4", name="season_quarter"),
    comment="A past quarter that was loaded.",
)
