"""all tables and views."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERIES_LICENSE = """
CREATE VIEW series_license AS
SELECT s.series_id, s.name AS series_name, l.license_group, l.group_name, l.min_license_level, l.max_license_level
FROM series s,
     jsonb_to_recordset(s.allowed_licenses)
         AS l(license_group int, group_name text, min_license_level int, max_license_level int)
"""

WEEK_SCHEDULE = """
CREATE VIEW week_schedule AS
SELECT e.season_id, e.race_week_num, s.series_id, r.name AS series_name, s.name AS season_name,
       s.season_year, s.season_quarter, e.starts_at, e.ends_at,
       e.track_id, l.name AS track_name, l.config_name, e.race_laps, e.race_minutes, e.category,
       e.precip_chance_pct, e.temp_low_c, e.temp_high_c, s.official, s.fixed_setup, s.license_group,
       ARRAY(SELECT c.car_class_id FROM event_class c
             WHERE c.season_id = e.season_id AND c.race_week_num = e.race_week_num ORDER BY c.ordinal) AS car_class_ids,
       ARRAY(SELECT c.car_id FROM event_car c
             WHERE c.season_id = e.season_id AND c.race_week_num = e.race_week_num ORDER BY c.car_id) AS car_ids
FROM event e
JOIN season s ON s.season_id = e.season_id
JOIN series r ON r.series_id = s.series_id
JOIN sim_layout l ON l.track_id = e.track_id
WHERE e.removed_at IS NULL
"""

CURRENT_EVENT = """
CREATE VIEW current_event AS
SELECT * FROM week_schedule WHERE starts_at <= now() AND ends_at > now()
"""

UPCOMING_SESSION = """
CREATE VIEW upcoming_session AS
SELECT e.season_id, e.race_week_num, s.series_id, r.name AS series_name, e.track_id,
       l.name AS track_name, l.config_name, session.starts_at,
       session.starts_at + make_interval(mins => t.session_minutes) AS ends_at, t.is_super_session
FROM event e
JOIN event_time t ON t.season_id = e.season_id AND t.race_week_num = e.race_week_num
JOIN season s ON s.season_id = e.season_id
JOIN series r ON r.series_id = s.series_id
JOIN sim_layout l ON l.track_id = e.track_id
CROSS JOIN LATERAL (
    SELECT unnest(t.session_times) AS starts_at
    UNION ALL
    SELECT (t.starts_on + d.day_offset + t.first_session_at) AT TIME ZONE 'UTC' + make_interval(mins => n.minutes)
    FROM unnest(t.day_offsets) AS d(day_offset)
    CROSS JOIN LATERAL generate_series(
        0, 1439 - extract(epoch FROM t.first_session_at)::int / 60, greatest(t.repeat_minutes, 1)
    ) AS n(minutes)
    WHERE t.is_repeating
) AS session
WHERE e.removed_at IS NULL AND e.ends_at > now() AND session.starts_at > now()
"""

SYNC_STATUS = """
CREATE VIEW sync_status AS
SELECT last.run_id, last.started_at, last.finished_at, last.status, last.exit_code, last.warnings,
       (SELECT max(started_at) FROM sync_run WHERE status = 'ok') AS last_good_at,
       (SELECT count(*) FROM season WHERE active) AS active_seasons,
       (SELECT count(*) FROM sim_layout WHERE is_stub) AS stub_layouts,
       (SELECT count(*) FROM sim_car WHERE is_stub) AS stub_cars,
       (SELECT count(*) FROM car_class WHERE is_stub) AS stub_car_classes
FROM (SELECT 1) AS always
LEFT JOIN LATERAL (SELECT * FROM sync_run ORDER BY started_at DESC LIMIT 1) AS last ON true
"""

VIEWS = {
    "series_license": SERIES_LICENSE,
    "week_schedule": WEEK_SCHEDULE,
    "current_event": CURRENT_EVENT,
    "upcoming_session": UPCOMING_SESSION,
    "sync_status": SYNC_STATUS,
}


def upgrade():
    op.create_table(
        "api_allowance",
        sa.Column("account", sa.Text(), nullable=False, comment="a fingerprint of service, client and user"),
        sa.Column("next_at", sa.TIMESTAMP(timezone=True), nullable=False, comment="when the next call is due"),
        sa.Column("blocked_until", sa.TIMESTAMP(timezone=True), nullable=False, comment="when a refusal (429) ends"),
        sa.Column("call_limit", sa.Integer(), nullable=True, comment="answers in a window, as iRacing tells"),
        sa.Column(
            "resets_at", sa.TIMESTAMP(timezone=True), nullable=False, comment="when the window ends, as iRacing tells"
        ),
        sa.Column("used", sa.Integer(), nullable=False, comment="our own calls since counted_from"),
        sa.Column("others", sa.Integer(), nullable=False, comment="what else the account was used for in this window"),
        sa.Column("counted_from", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("window_seconds", sa.Double(), nullable=False, comment="the longest window seen so far"),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_api_allowance")),
        comment="What an account may still ask of iRacing, shared by all processes that use it.",
    )
    op.create_table(
        "car_class",
        sa.Column("car_class_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("short_name", sa.Text(), nullable=True),
        sa.Column("relative_speed", sa.Integer(), nullable=True),
        sa.Column("is_rain_enabled", sa.Boolean(), nullable=True),
        sa.Column(
            "is_stub",
            sa.Boolean(),
            nullable=False,
            comment="known only from a schedule; carclass/get does not explain it",
        ),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.PrimaryKeyConstraint("car_class_id", name=op.f("pk_car_class")),
    )
    op.create_table(
        "document_shape",
        sa.Column("shape_id", sa.Text(), nullable=False, comment="hash of the paths"),
        sa.Column(
            "paths",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="each path that occurs, and whether at least half of its objects have it",
        ),
        sa.PrimaryKeyConstraint("shape_id", name=op.f("pk_document_shape")),
        comment="Which JSON paths the seasons of a document had: what all gain or lose at once is a release.",
    )
    op.create_table(
        "loaded_catalogue",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False, comment="SHA-256 of the document"),
        sa.Column("version", sa.Text(), nullable=False, comment="the version of iracing-sync that loaded it"),
        sa.Column("loaded_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column(
            "rows",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="how many rows of each table it holds",
        ),
        sa.PrimaryKeyConstraint("endpoint", name=op.f("pk_loaded_catalogue")),
        comment="The catalogue that was loaded last: the same bytes need not be mapped again.",
    )
    op.create_table(
        "loaded_documents",
        sa.Column(
            "fingerprint",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the documents with their times, of the options and of the version",
        ),
        sa.Column("loaded_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("seasons", sa.Integer(), nullable=False, comment="how many they list"),
        sa.Column(
            "rows",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="how many rows of each table they hold",
        ),
        sa.Column(
            "stored",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="how many rows each table had after loading them",
        ),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_loaded_documents")),
        comment="The documents for which the tables stand, as long as nothing else was loaded since: one row or none.",
    )
    op.create_table(
        "past_quarter",
        sa.Column("season_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("season_quarter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("loaded_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("seasons", sa.Integer(), nullable=False, comment="how many were loaded"),
        sa.Column(
            "lacking",
            sa.Integer(),
            nullable=True,
            comment="how many of those in season/list have no schedule even so; null where not compared",
        ),
        sa.Column(
            "is_over", sa.Boolean(), nullable=False, comment="every round was over: it need not be asked for again"
        ),
        sa.PrimaryKeyConstraint("season_year", "season_quarter", name=op.f("pk_past_quarter")),
        comment="A quarter that `run --history` has loaded.",
    )
    op.create_table(
        "schema_drift",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="unknown, appeared or vanished"),
        sa.Column("first_seen_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("endpoint", "path", name=op.f("pk_schema_drift")),
        comment="A JSON path that is unknown to the mapper, or that came or went with a release of the API.",
    )
    op.create_table(
        "series",
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=True),
        sa.Column(
            "category",
            sa.Text(),
            nullable=True,
            comment="oval, dirt_oval, dirt_road, sports_car, formula_car; road before 2024",
        ),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("min_starters", sa.Integer(), nullable=True),
        sa.Column("max_starters", sa.Integer(), nullable=True),
        sa.Column("oval_caution_type", sa.Integer(), nullable=True),
        sa.Column("road_caution_type", sa.Integer(), nullable=True),
        sa.Column(
            "allowed_licenses",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
            comment="licence groups with their lowest and highest level",
        ),
        sa.Column("first_season_year", sa.Integer(), nullable=True),
        sa.Column("first_season_quarter", sa.Integer(), nullable=True),
        sa.Column("search_filters", sa.Text(), nullable=True),
        sa.Column("forum_url", sa.Text(), nullable=True),
        sa.Column("is_stub", sa.Boolean(), nullable=False, comment="known only from a lesser document than series/get"),
        sa.Column("official", sa.Boolean(), nullable=True, comment="whether its newest listed season is official"),
        sa.Column(
            "logo",
            sa.Text(),
            nullable=True,
            comment="file name below https://images-static.iracing.com/img/logos/series/",
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "missing_since", sa.TIMESTAMP(timezone=True), nullable=True, comment="since when series/get leaves it out"
        ),
        sa.Column("retired_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_series")),
    )
    op.create_table(
        "sim_car",
        sa.Column("car_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("abbreviation", sa.Text(), nullable=True),
        sa.Column("make", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("package_id", sa.Integer(), nullable=True, comment="what a member buys"),
        sa.Column("categories", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("power_hp", sa.Integer(), nullable=True),
        sa.Column("weight_kg", sa.Numeric(), nullable=True),
        sa.Column("price_usd", sa.Numeric(), nullable=True, comment="US list price"),
        sa.Column("is_free_with_subscription", sa.Boolean(), nullable=True),
        sa.Column("is_rain_enabled", sa.Boolean(), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=True),
        sa.Column(
            "settings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "is_stub", sa.Boolean(), nullable=False, comment="known only from a schedule; car/get does not explain it"
        ),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.PrimaryKeyConstraint("car_id", name=op.f("pk_sim_car")),
    )
    op.create_table(
        "sim_track",
        sa.Column("package_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sku", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Numeric(), nullable=True, comment="degrees"),
        sa.Column("longitude", sa.Numeric(), nullable=True, comment="degrees"),
        sa.Column("time_zone", sa.Text(), nullable=True, comment="IANA name"),
        sa.Column("price_usd", sa.Numeric(), nullable=True, comment="US list price"),
        sa.Column("is_free_with_subscription", sa.Boolean(), nullable=True),
        sa.Column("is_purchasable", sa.Boolean(), nullable=True),
        sa.Column("logo", sa.Text(), nullable=True),
        sa.Column("site_url", sa.Text(), nullable=True),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.PrimaryKeyConstraint("package_id", name=op.f("pk_sim_track")),
    )
    op.create_table(
        "sync_run",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("finished_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "arguments",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="the options of the command, without secrets",
        ),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="running, ok, partial, failed, or aborted where its process ended without a word",
        ),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column(
            "counters",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="the result as `run --json` prints it",
        ),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "listings",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="how long iRacing's lists were, and how long when they were last believed",
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_sync_run")),
        comment="One run of `iracing-sync run`.",
    )
    op.create_index(op.f("ix_sync_run_started_at"), "sync_run", ["started_at"], unique=False)
    op.create_table(
        "api_call_log",
        sa.Column("call_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True, comment="of the entry on disk, so that none is written twice"),
        sa.Column("run_id", sa.Uuid(), nullable=True, comment="null for a command that only reads, or a dry run"),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "http_status", sa.Integer(), nullable=True, comment="null where nothing was asked or nothing answered"
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("cached", sa.Text(), nullable=False, comment="hit, miss or refresh"),
        sa.Column("duration_ms", sa.Integer(), nullable=False, comment="with the document behind the link"),
        sa.Column("size_bytes", sa.Integer(), nullable=True, comment="unpacked, with the document behind the link"),
        sa.Column("rate_limit_remaining", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True, comment="why the attempt gave no document"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["sync_run.run_id"], name=op.f("fk_api_call_log_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_api_call_log")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_api_call_log_entry_id")),
        comment="One attempt to get an answer of iRacing, or one document found in the cache.",
    )
    op.create_index(op.f("ix_api_call_log_at"), "api_call_log", ["at"], unique=False)
    op.create_index(op.f("ix_api_call_log_run_id"), "api_call_log", ["run_id"], unique=False)
    op.create_table(
        "car_class_member",
        sa.Column("car_class_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("car_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.ForeignKeyConstraint(
            ["car_class_id"], ["car_class.car_class_id"], name=op.f("fk_car_class_member_car_class_id")
        ),
        sa.ForeignKeyConstraint(["car_id"], ["sim_car.car_id"], name=op.f("fk_car_class_member_car_id")),
        sa.PrimaryKeyConstraint("car_class_id", "car_id", name=op.f("pk_car_class_member")),
    )
    op.create_index(op.f("ix_car_class_member_car_id"), "car_class_member", ["car_id"], unique=False)
    op.create_table(
        "season",
        sa.Column("season_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=True),
        sa.Column(
            "season_year",
            sa.Integer(),
            nullable=False,
            comment="where the season began: year-long ones keep it to their end",
        ),
        sa.Column("season_quarter", sa.Integer(), nullable=False, comment="1 to 4, where the season began"),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=True, comment="end of the last round"),
        sa.Column(
            "status", sa.Text(), nullable=True, comment="upcoming, running, ended or withdrawn, as of the last document"
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=True),
        sa.Column("race_week", sa.Integer(), nullable=True, comment="race_week_num of the current week"),
        sa.Column("official", sa.Boolean(), nullable=False),
        sa.Column("fixed_setup", sa.Boolean(), nullable=False),
        sa.Column("multiclass", sa.Boolean(), nullable=True),
        sa.Column("driver_changes", sa.Boolean(), nullable=False, comment="true for team racing"),
        sa.Column("min_team_drivers", sa.Integer(), nullable=True),
        sa.Column("max_team_drivers", sa.Integer(), nullable=True),
        sa.Column("drops", sa.Integer(), nullable=True, comment="weeks that do not count"),
        sa.Column("incident_limit", sa.Integer(), nullable=True, comment="null where there is none"),
        sa.Column("incident_warn_mode", sa.Integer(), nullable=True),
        sa.Column("incident_warn_param1", sa.Integer(), nullable=True),
        sa.Column("incident_warn_param2", sa.Integer(), nullable=True),
        sa.Column("license_group", sa.Integer(), nullable=True, comment="1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro"),
        sa.Column(
            "allowed_car_class_ids",
            sa.ARRAY(sa.Integer()),
            nullable=False,
            comment="sorted; series with weekly cars name one class only",
        ),
        sa.Column("max_weeks", sa.Integer(), nullable=True),
        sa.Column("schedule_description", sa.Text(), nullable=True),
        sa.Column("rookie_season", sa.Text(), nullable=True),
        sa.Column(
            "settings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="the remaining flags under iRacing's names",
        ),
        sa.Column("is_stub", sa.Boolean(), nullable=False, comment="known only from a document without its schedule"),
        sa.Column(
            "missing_since",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="since when the active seasons lack it though its last round is not over",
        ),
        sa.Column("schedule_hash", sa.Text(), nullable=True, comment="of the rounds in canonical form"),
        sa.Column("settings_hash", sa.Text(), nullable=True, comment="of the rest in canonical form"),
        sa.Column("schedule_hash_version", sa.Integer(), nullable=True, comment="of the canonical form"),
        sa.Column("shape_id", sa.Text(), nullable=True, comment="the fields of the document it came in"),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.ForeignKeyConstraint(["series_id"], ["series.series_id"], name=op.f("fk_season_series_id")),
        sa.ForeignKeyConstraint(["shape_id"], ["document_shape.shape_id"], name=op.f("fk_season_shape_id")),
        sa.PrimaryKeyConstraint("season_id", name=op.f("pk_season")),
    )
    op.create_index(
        op.f("ix_season_season_year_season_quarter"), "season", ["season_year", "season_quarter"], unique=False
    )
    op.create_index(op.f("ix_season_series_id"), "season", ["series_id"], unique=False)
    op.create_table(
        "sim_layout",
        sa.Column("track_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("config_name", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("track_type", sa.Text(), nullable=True),
        sa.Column("length_km", sa.Numeric(), nullable=True),
        sa.Column("corners_per_lap", sa.Integer(), nullable=True),
        sa.Column("nominal_lap_seconds", sa.Numeric(), nullable=True),
        sa.Column("max_cars", sa.Integer(), nullable=True),
        sa.Column("grid_stalls", sa.Integer(), nullable=True),
        sa.Column("pit_stalls", sa.Integer(), nullable=True),
        sa.Column("pit_speed_limit_kph", sa.Numeric(), nullable=True),
        sa.Column("has_night_lighting", sa.Boolean(), nullable=True),
        sa.Column("is_fully_lit", sa.Boolean(), nullable=True),
        sa.Column("is_rain_enabled", sa.Boolean(), nullable=True),
        sa.Column("is_oval", sa.Boolean(), nullable=True),
        sa.Column("is_dirt", sa.Boolean(), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=True),
        sa.Column(
            "settings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "is_stub", sa.Boolean(), nullable=False, comment="known only from a schedule; track/get does not explain it"
        ),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.ForeignKeyConstraint(["package_id"], ["sim_track.package_id"], name=op.f("fk_sim_layout_package_id")),
        sa.PrimaryKeyConstraint("track_id", name=op.f("pk_sim_layout")),
    )
    op.create_index(op.f("ix_sim_layout_package_id"), "sim_layout", ["package_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("season_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("race_week_num", sa.Integer(), autoincrement=False, nullable=False, comment="0 is the first week"),
        sa.Column(
            "track_id", sa.Integer(), nullable=False, comment="may move in mid-season, so it is no part of the key"
        ),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "is_ends_at_derived",
            sa.Boolean(),
            nullable=False,
            comment="true where iRacing gave no week_end_time (before 2025)",
        ),
        sa.Column("race_laps", sa.Integer(), nullable=True, comment="null where only time limits the race"),
        sa.Column("race_minutes", sa.Integer(), nullable=True, comment="null where only laps limit the race"),
        sa.Column("practice_minutes", sa.Integer(), nullable=True),
        sa.Column("qualify_minutes", sa.Integer(), nullable=True),
        sa.Column("qualify_laps", sa.Integer(), nullable=True, comment="null where only time limits it"),
        sa.Column("warmup_minutes", sa.Integer(), nullable=True),
        sa.Column("is_qualify_attached", sa.Boolean(), nullable=True),
        sa.Column("start_type", sa.Text(), nullable=True, comment="Rolling or Standing"),
        sa.Column("restart_type", sa.Text(), nullable=True),
        sa.Column("has_full_course_cautions", sa.Boolean(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("precip_chance_pct", sa.Integer(), nullable=True),
        sa.Column(
            "temp_c", sa.Numeric(), nullable=True, comment="the setting; the forecast is temp_low_c to temp_high_c"
        ),
        sa.Column("temp_low_c", sa.Numeric(), nullable=True),
        sa.Column("temp_high_c", sa.Numeric(), nullable=True),
        sa.Column("simulated_start_at", sa.TIMESTAMP(), nullable=True, comment="local to the track"),
        sa.Column("special_event_type", sa.Integer(), nullable=True),
        sa.Column(
            "weather_config",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="the round's weather under iRacing's names and units",
        ),
        sa.Column(
            "settings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="the remaining flags under iRacing's names",
        ),
        sa.Column(
            "removed_at",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="when the season's schedule came without this round",
        ),
        sa.Column("is_stub", sa.Boolean(), nullable=False, comment="known only from a document with number and track"),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.ForeignKeyConstraint(["season_id"], ["season.season_id"], name=op.f("fk_event_season_id")),
        sa.ForeignKeyConstraint(["track_id"], ["sim_layout.track_id"], name=op.f("fk_event_track_id")),
        sa.PrimaryKeyConstraint("season_id", "race_week_num", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_starts_at_ends_at"), "event", ["starts_at", "ends_at"], unique=False)
    op.create_index(op.f("ix_event_track_id"), "event", ["track_id"], unique=False)
    op.create_table(
        "schedule_change",
        sa.Column("change_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False, comment="the moment of the run"),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("season_id", sa.Integer(), nullable=True, comment="null where a whole series changed"),
        sa.Column("race_week_num", sa.Integer(), nullable=True, comment="null where a whole season changed"),
        sa.Column(
            "field",
            sa.Text(),
            nullable=False,
            comment="a column, or times, cars, restrictions, setups, weather, settings, round",
        ),
        sa.Column("old", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("new", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("phase", sa.Text(), nullable=False, comment="past, current or future, at the moment of the run"),
        sa.Column("severity", sa.Text(), nullable=False, comment="high, medium or low"),
        sa.ForeignKeyConstraint(["run_id"], ["sync_run.run_id"], name=op.f("fk_schedule_change_run_id")),
        sa.ForeignKeyConstraint(["season_id"], ["season.season_id"], name=op.f("fk_schedule_change_season_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.series_id"], name=op.f("fk_schedule_change_series_id")),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_schedule_change")),
        comment="A difference between two schedules that matters.",
    )
    op.create_index(op.f("ix_schedule_change_at"), "schedule_change", ["at"], unique=False)
    op.create_index(op.f("ix_schedule_change_run_id"), "schedule_change", ["run_id"], unique=False)
    op.create_index(
        op.f("ix_schedule_change_season_id_race_week_num"),
        "schedule_change",
        ["season_id", "race_week_num"],
        unique=False,
    )
    op.create_index(op.f("ix_schedule_change_series_id"), "schedule_change", ["series_id"], unique=False)
    op.create_table(
        "car_restriction",
        sa.Column("season_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("race_week_num", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("car_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("max_fuel_fill_pct", sa.Integer(), nullable=True),
        sa.Column("power_adjust_pct", sa.Numeric(), nullable=True),
        sa.Column("weight_penalty_kg", sa.Numeric(), nullable=True),
        sa.Column("max_dry_tire_sets", sa.Integer(), nullable=True, comment="null where unlimited"),
        sa.Column("race_setup_id", sa.Integer(), nullable=True),
        sa.Column("qual_setup_id", sa.Integer(), nullable=True),
        sa.Column(
            "settings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.ForeignKeyConstraint(["car_id"], ["sim_car.car_id"], name=op.f("fk_car_restriction_car_id")),
        sa.ForeignKeyConstraint(
            ["season_id", "race_week_num"],
            ["event.season_id", "event.race_week_num"],
            name=op.f("fk_car_restriction_season_id_race_week_num"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("season_id", "race_week_num", "car_id", name=op.f("pk_car_restriction")),
    )
    op.create_index(op.f("ix_car_restriction_car_id"), "car_restriction", ["car_id"], unique=False)
    op.create_table(
        "event_car",
        sa.Column("season_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("race_week_num", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("car_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("known_from", sa.Text(), nullable=False, comment="week_cars, week_classes or season_classes"),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.ForeignKeyConstraint(["car_id"], ["sim_car.car_id"], name=op.f("fk_event_car_car_id")),
        sa.ForeignKeyConstraint(
            ["season_id", "race_week_num"],
            ["event.season_id", "event.race_week_num"],
            name=op.f("fk_event_car_season_id_race_week_num"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("season_id", "race_week_num", "car_id", name=op.f("pk_event_car")),
    )
    op.create_index(op.f("ix_event_car_car_id"), "event_car", ["car_id"], unique=False)
    op.create_table(
        "event_class",
        sa.Column("season_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("race_week_num", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("car_class_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="iRacing's order, from 0"),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.ForeignKeyConstraint(["car_class_id"], ["car_class.car_class_id"], name=op.f("fk_event_class_car_class_id")),
        sa.ForeignKeyConstraint(
            ["season_id", "race_week_num"],
            ["event.season_id", "event.race_week_num"],
            name=op.f("fk_event_class_season_id_race_week_num"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("season_id", "race_week_num", "car_class_id", name=op.f("pk_event_class")),
    )
    op.create_index(op.f("ix_event_class_car_class_id"), "event_class", ["car_class_id"], unique=False)
    op.create_table(
        "event_time",
        sa.Column("season_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("race_week_num", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False, comment="0 is the first descriptor"),
        sa.Column("is_repeating", sa.Boolean(), nullable=False),
        sa.Column("is_super_session", sa.Boolean(), nullable=False),
        sa.Column("session_minutes", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("day_offsets", sa.ARRAY(sa.Integer()), nullable=True, comment="days after starts_on"),
        sa.Column("first_session_at", sa.Time(), nullable=True, comment="UTC, on each of the days"),
        sa.Column("repeat_minutes", sa.Integer(), nullable=True),
        sa.Column("session_times", sa.ARRAY(sa.TIMESTAMP(timezone=True)), nullable=True),
        sa.Column(
            "first_seen_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when this row came into the table",
        ),
        sa.Column(
            "last_changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when a column of this row last changed",
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), nullable=True, comment="the sync_run that wrote that change"),
        sa.ForeignKeyConstraint(
            ["season_id", "race_week_num"],
            ["event.season_id", "event.race_week_num"],
            name=op.f("fk_event_time_season_id_race_week_num"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("season_id", "race_week_num", "ordinal", name=op.f("pk_event_time")),
    )
    for view in VIEWS.values():
        op.execute(view)


def downgrade():
    for view in reversed(VIEWS):
        op.execute(f"DROP VIEW {view}")
    op.drop_table("event_time")
    op.drop_index(op.f("ix_event_class_car_class_id"), table_name="event_class")
    op.drop_table("event_class")
    op.drop_index(op.f("ix_event_car_car_id"), table_name="event_car")
    op.drop_table("event_car")
    op.drop_index(op.f("ix_car_restriction_car_id"), table_name="car_restriction")
    op.drop_table("car_restriction")
    op.drop_index(op.f("ix_schedule_change_series_id"), table_name="schedule_change")
    op.drop_index(op.f("ix_schedule_change_season_id_race_week_num"), table_name="schedule_change")
    op.drop_index(op.f("ix_schedule_change_run_id"), table_name="schedule_change")
    op.drop_index(op.f("ix_schedule_change_at"), table_name="schedule_change")
    op.drop_table("schedule_change")
    op.drop_index(op.f("ix_event_track_id"), table_name="event")
    op.drop_index(op.f("ix_event_starts_at_ends_at"), table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_sim_layout_package_id"), table_name="sim_layout")
    op.drop_table("sim_layout")
    op.drop_index(op.f("ix_season_series_id"), table_name="season")
    op.drop_index(op.f("ix_season_season_year_season_quarter"), table_name="season")
    op.drop_table("season")
    op.drop_index(op.f("ix_car_class_member_car_id"), table_name="car_class_member")
    op.drop_table("car_class_member")
    op.drop_index(op.f("ix_api_call_log_run_id"), table_name="api_call_log")
    op.drop_index(op.f("ix_api_call_log_at"), table_name="api_call_log")
    op.drop_table("api_call_log")
    op.drop_index(op.f("ix_sync_run_started_at"), table_name="sync_run")
    op.drop_table("sync_run")
    op.drop_table("sim_track")
    op.drop_table("sim_car")
    op.drop_table("series")
    op.drop_table("schema_drift")
    op.drop_table("past_quarter")
    op.drop_table("loaded_documents")
    op.drop_table("loaded_catalogue")
    op.drop_table("document_shape")
    op.drop_table("car_class")
    op.drop_table("api_allowance")
