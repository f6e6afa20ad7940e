"""meanings: true ends, categories of all years, sessions, one number a round, checked values, views of any moment."""

import sqlalchemy as sa
from alembic import context, op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

EVENT_SCHEDULE = """
CREATE VIEW event_schedule AS
SELECT e.event_id, e.season_id, e.race_week_num, s.series_id, r.name AS series_name, s.name AS season_name,
       s.season_year, s.season_quarter, s.status AS season_status, s.missing_since AS season_missing_since,
       e.starts_at, e.ends_at, e.track_id, l.name AS track_name, l.config_name, l.package_id, p.name AS package_name,
       CASE WHEN e.category = 'road' AND r.category IN ('sports_car', 'formula_car') THEN r.category
            ELSE e.category END AS category,
       s.license_group, s.official, s.fixed_setup, s.multiclass, s.driver_changes, s.max_weeks, s.drops,
       e.race_laps, e.race_minutes, e.practice_minutes, e.qualify_minutes, e.qualify_laps, e.warmup_minutes,
       (SELECT max(t.session_minutes) FROM event_time t
        WHERE t.season_id = e.season_id AND t.race_week_num = e.race_week_num AND t.kind = 'race') AS session_minutes,
       e.start_type, e.precip_chance_pct, e.temp_c, e.temp_low_c, e.temp_high_c, e.simulated_start_at,
       ARRAY(SELECT c.car_class_id FROM event_class c
             WHERE c.season_id = e.season_id AND c.race_week_num = e.race_week_num ORDER BY c.ordinal) AS car_class_ids,
       ARRAY(SELECT coalesce(k.name, 'class ' || c.car_class_id) FROM event_class c
             JOIN car_class k ON k.car_class_id = c.car_class_id
             WHERE c.season_id = e.season_id AND c.race_week_num = e.race_week_num
             ORDER BY c.ordinal) AS car_class_names,
       ARRAY(SELECT c.car_id FROM event_car c
             WHERE c.season_id = e.season_id AND c.race_week_num = e.race_week_num ORDER BY c.car_id) AS car_ids,
       ARRAY(SELECT k.name FROM event_car c JOIN sim_car k ON k.car_id = c.car_id
             WHERE c.season_id = e.season_id AND c.race_week_num = e.race_week_num ORDER BY c.car_id) AS car_names
FROM event e
JOIN season s ON s.season_id = e.season_id
JOIN series r ON r.series_id = s.series_id
JOIN sim_layout l ON l.track_id = e.track_id
LEFT JOIN sim_track p ON p.package_id = l.package_id
WHERE e.removed_at IS NULL
"""

SESSION_SCHEDULE = """
CREATE VIEW session_schedule AS
SELECT e.event_id, e.season_id, e.race_week_num, e.series_id, e.series_name, e.season_name,
       e.season_year, e.season_quarter, e.season_status, e.season_missing_since,
       e.starts_at AS event_starts_at, e.ends_at AS event_ends_at,
       session.starts_at, session.starts_at + make_interval(mins => t.session_minutes) AS ends_at, t.is_super_session,
       t.session_minutes, e.track_id, e.track_name, e.config_name, e.package_id, e.package_name, e.category,
       e.license_group, e.official, e.fixed_setup, e.multiclass, e.driver_changes, e.race_laps, e.race_minutes,
       e.car_class_ids, e.car_class_names, e.car_ids, e.car_names
FROM event_schedule e
JOIN event_time t ON t.season_id = e.season_id AND t.race_week_num = e.race_week_num AND t.kind = 'race'
CROSS JOIN LATERAL (
    SELECT extract(epoch FROM t.first_session_at)::int / 60 AS first, coalesce(t.end_offset_minutes, 1439) AS last
) AS minute
CROSS JOIN LATERAL (
    SELECT unnest(t.session_times) AS starts_at
    UNION ALL
    SELECT (t.starts_on + d.day_offset + t.first_session_at) AT TIME ZONE 'UTC' + make_interval(mins => n.minutes)
    FROM unnest(t.day_offsets) AS d(day_offset)
    CROSS JOIN LATERAL generate_series(
        0,
        CASE WHEN t.repeat_minutes IS NULL THEN 0
             WHEN minute.last < minute.first THEN minute.last + 1440 - minute.first
             ELSE minute.last - minute.first END,
        coalesce(t.repeat_minutes, 1)
    ) AS n(minutes)
    WHERE t.is_repeating
) AS session
"""

FUNCTIONS = {
    "week_start(timestamptz)": (
        """
CREATE FUNCTION week_start(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (date_trunc('week', at AT TIME ZONE 'UTC' - interval '1 day') + interval '1 day') AT TIME ZONE 'UTC'
""",
        "When iRacing's week began at a moment: Tuesday, 00:00 UTC.",
    ),
    "week_schedule(timestamptz)": (
        """
CREATE FUNCTION week_schedule(at timestamptz) RETURNS SETOF event_schedule LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
SELECT * FROM event_schedule e
WHERE e.season_status IS DISTINCT FROM 'withdrawn' AND e.season_missing_since IS NULL
  AND e.starts_at < week_start(at) + interval '7 days' AND e.ends_at > week_start(at)
  AND e.ends_at - make_interval(mins => greatest(e.session_minutes, 1)) >= week_start(at);
END
""",
        "The rounds that have a session in iRacing's week of a moment, which is Tuesday to Tuesday, 00:00 UTC.",
    ),
    "current_event(timestamptz)": (
        """
CREATE FUNCTION current_event(at timestamptz) RETURNS SETOF event_schedule LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
SELECT * FROM event_schedule e
WHERE e.season_status IS DISTINCT FROM 'withdrawn' AND e.season_missing_since IS NULL
  AND e.starts_at <= at AND e.ends_at > at;
END
""",
        "The rounds that have begun at a moment and whose last session is not over.",
    ),
    "upcoming_sessions(timestamptz, timestamptz)": (
        """
CREATE FUNCTION upcoming_sessions(since timestamptz, until timestamptz) RETURNS SETOF session_schedule
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
SELECT * FROM session_schedule e
WHERE e.season_status IS DISTINCT FROM 'withdrawn' AND e.season_missing_since IS NULL
  AND e.event_ends_at > since AND e.event_starts_at < until AND e.starts_at >= since AND e.starts_at < until;
END
""",
        "The races that start from a moment on, before another one.",
    ),
}
"""What makes each function, and what it gives."""

NOW = {
    "week_schedule": ("week_schedule(now())", "The rounds of iRacing's present week."),
    "current_event": ("current_event(now())", "The rounds that run now."),
    "upcoming_session": ("upcoming_sessions(now(), 'infinity')", "The races that are to start."),
}
"""The views of the present moment, each with the function that it is made of."""

VIEW_COMMENTS = {
    "event_schedule": "Every round with what everyone joins to it, those of withdrawn and missing seasons among them.",
    "session_schedule": "Every race session of every round; a repeating pattern as the sessions that it means.",
}

REPLACED = ("week_schedule", "current_event", "upcoming_session")

CHECKS = {
    "season": {
        "season_quarter": "season_quarter BETWEEN 1 AND 4",
        "ends_at": "ends_at >= starts_at",
        "status": "status IN ('upcoming', 'running', 'ended', 'withdrawn')",
    },
    "event": {
        "race_week_num": "race_week_num BETWEEN 0 AND 99",
        "ends_at": "ends_at >= starts_at",
        "precip_chance_pct": "precip_chance_pct BETWEEN 0 AND 100",
    },
    "event_time": {"kind": "kind IN ('race', 'qualify')", "repeat_minutes": "repeat_minutes >= 1"},
    "event_car": {"known_from": "known_from IN ('week_cars', 'week_classes', 'season_classes')"},
    "car_restriction": {"max_fuel_fill_pct": "max_fuel_fill_pct BETWEEN 0 AND 100"},
    "sync_run": {"status": "status IN ('running', 'ok', 'partial', 'failed', 'aborted')"},
    "api_call_log": {"cached": "cached IN ('hit', 'miss', 'refresh')"},
    "schedule_change": {
        "phase": "phase IN ('past', 'current', 'future')",
        "severity": "severity IN ('high', 'medium', 'low')",
    },
    "schema_drift": {"kind": "kind IN ('unknown', 'appeared', 'vanished', 'misfit')"},
    "past_quarter": {"season_quarter": "season_quarter BETWEEN 1 AND 4"},
}

MEASURES = {
    "event": ("precip_chance_pct", "temp_c", "temp_low_c", "temp_high_c"),
    "sim_track": ("latitude", "longitude"),
    "sim_layout": ("length_km", "nominal_lap_seconds", "pit_speed_limit_kph"),
    "sim_car": ("weight_kg",),
}

ENDS_AT = (
    "when the last session is over, and never before week_ends_at; a week after its start where neither sessions nor "
    "week_ends_at are known (2022)"
)
CATEGORY = (
    "oval, dirt_oval, dirt_road, sports_car, formula_car; before 2024-03 that of the layout, in which road is "
    "sports_car or formula_car"
)

OFFICIAL = "whether its races count for iRating and safety rating"
SERIES_OFFICIAL = "whether one of its seasons listed last is official"
LICENSE_GROUP = (
    "1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro, 7 pro/WC; null where iRacing names none; series_license says who may race"
)

COMMENTS = (
    ("event", "ends_at", ENDS_AT, None),
    (
        *("event", "is_ends_at_derived", "false where ends_at is week_ends_at"),
        "true where iRacing gave no week_end_time (before 2025)",
    ),
    ("event", "category", CATEGORY, None),
    (
        *("event", "category_id"),
        "iRacing's number of it: 1 oval, 2 road, 3 dirt_oval, 4 dirt_road, 5 sports_car, 6 formula_car",
        None,
    ),
    ("event", "precip_chance_pct", "0 to 100; with a forecast (2024-03 on)", None),
    (
        *("event", "temp_c", "the setting, null where there is a forecast: temp_low_c to temp_high_c"),
        "the setting; the forecast is temp_low_c to temp_high_c",
    ),
    ("event", "temp_low_c", "lowest of the forecast", None),
    ("event", "temp_high_c", "highest of the forecast", None),
    ("event", "special_event_type", "null in every document seen: by it, special events cannot be told", None),
    (
        *("event_time", "ordinal", "0 is the first descriptor; those of qualifying come after the races'"),
        "0 is the first descriptor",
    ),
    ("event_time", "repeat_minutes", "null where there is one session a day", None),
    ("season", "official", OFFICIAL, None),
    ("season", "license_group", LICENSE_GROUP, "1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro"),
    ("series", "official", SERIES_OFFICIAL, "whether its newest listed season is official"),
    ("sim_layout", "category", "oval, road, dirt_oval or dirt_road", None),
)
"""Table, column, what it says now and what it said before."""

LAST_ENDS = """
UPDATE event e
SET week_ends_at = known.week_ends_at, ends_at = known.ends_at,
    is_ends_at_derived = known.ends_at IS DISTINCT FROM known.week_ends_at,
    category = coalesce(e.category, known.category), category_id = coalesce(e.category_id, known.category_id),
    temp_c = CASE WHEN e.weather_config ? 'weather_summary' THEN NULL ELSE e.temp_c END
FROM (
    SELECT one.season_id, one.race_week_num, layout.category, layout.category_id,
           CASE WHEN NOT one.is_ends_at_derived THEN one.ends_at END AS week_ends_at,
           greatest(
               one.starts_at,
               coalesce(
                   greatest(max(last.ends_at), CASE WHEN NOT one.is_ends_at_derived THEN one.ends_at END), one.ends_at
               )
           ) AS ends_at
    FROM event one
    JOIN sim_layout layout ON layout.track_id = one.track_id
    LEFT JOIN event_time t ON t.season_id = one.season_id AND t.race_week_num = one.race_week_num
    LEFT JOIN LATERAL (
        SELECT extract(epoch FROM t.first_session_at)::int / 60 AS first,
               coalesce(nullif(t.repeat_minutes, 0), 1440) AS every
    ) AS minute ON true
    LEFT JOIN LATERAL (
        SELECT make_interval(mins => coalesce(t.session_minutes, 0)) + CASE
            WHEN t.is_repeating THEN
                (t.starts_on + coalesce((SELECT max(d) FROM unnest(t.day_offsets) AS d), 6)
                 + coalesce(t.first_session_at, time '23:59')) AT TIME ZONE 'UTC'
                + make_interval(mins => coalesce((1439 - minute.first) / minute.every * minute.every, 0))
            ELSE (SELECT max(at) FROM unnest(t.session_times) AS at)
        END AS ends_at
    ) AS last ON true
    WHERE one.starts_at IS NOT NULL
    GROUP BY one.season_id, one.race_week_num, layout.track_id
) AS known
WHERE known.season_id = e.season_id AND known.race_week_num = e.race_week_num
"""

LAST_ENDS_OF_SEASONS = """
UPDATE season s SET ends_at = greatest(s.starts_at, last.ends_at)
FROM (SELECT season_id, max(ends_at) AS ends_at FROM event WHERE removed_at IS NULL GROUP BY season_id) AS last
WHERE last.season_id = s.season_id AND last.ends_at IS NOT NULL
"""

WITHIN = """
UPDATE event SET precip_chance_pct = NULL WHERE precip_chance_pct NOT BETWEEN 0 AND 100;
UPDATE event_time SET repeat_minutes = NULL WHERE repeat_minutes < 1;
UPDATE car_restriction SET max_fuel_fill_pct = NULL WHERE max_fuel_fill_pct NOT BETWEEN 0 AND 100
"""
"""What the mappers leave out from now on."""

READ_AGAIN = "DELETE FROM loaded_documents; DELETE FROM loaded_catalogue"
"""The next run reads again what it would take for stored: it holds more columns than it did."""


def own_columns():
    """Return what each table gains."""
    return (
        ("event", sa.Column("week_ends_at", sa.TIMESTAMP(timezone=True), comment=WEEK_ENDS_AT)),
        ("event_time", sa.Column("kind", sa.Text(), nullable=False, server_default="race", comment="race or qualify")),
        ("event_time", sa.Column("end_offset_minutes", sa.Integer(), comment=END_OFFSET)),
        (
            "sim_layout",
            sa.Column("latitude", sa.Double(), comment="degrees; layouts of one package may lie apart"),
        ),
        ("sim_layout", sa.Column("longitude", sa.Double(), comment="degrees")),
        ("sim_layout", sa.Column("site_url", sa.Text())),
    )


WEEK_ENDS_AT = "iRacing's own word (2025 on): mostly when the last session starts"
END_OFFSET = "the last minute of the day, in UTC, at which a session may start; null where the day is no limit"
EVENT_ID = "season_id * 100 + race_week_num: one column for a foreign key or an address"


def retype(kind):
    """Change the type of the measures, each table rewritten once."""
    for table, columns in MEASURES.items():
        op.execute(f"ALTER TABLE {table} " + ", ".join(f"ALTER {column} TYPE {kind}" for column in columns))


def make_event_sessions():
    """Make the table of a round's sessions."""
    own = {"server_default": sa.text("now()"), "nullable": False}
    op.create_table(
        "event_session",
        sa.Column("season_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("race_week_num", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False, comment="0 is the first session"),
        sa.Column(
            "session_type", sa.Integer(), comment="3 open practice, 4 lone qualifying, 5 open qualifying, 6 race"
        ),
        sa.Column("name", sa.Text()),
        sa.Column("laps", sa.Integer(), comment="null where only time limits it"),
        sa.Column("minutes", sa.Integer(), comment="null where only laps limit it"),
        sa.Column(
            "start_offset",
            sa.Integer(),
            comment="as iRacing sends it; 0 in every document seen, so its unit is not known",
        ),
        sa.Column("first_seen_at", sa.TIMESTAMP(timezone=True), comment="when this row came into the table", **own),
        sa.Column(
            "last_changed_at", sa.TIMESTAMP(timezone=True), comment="when a column of this row last changed", **own
        ),
        sa.Column("last_changed_run_id", sa.Uuid(), comment="the sync_run that wrote that change"),
        sa.ForeignKeyConstraint(
            ["season_id", "race_week_num"],
            ["event.season_id", "event.race_week_num"],
            name=op.f("fk_event_session_season_id_race_week_num"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("season_id", "race_week_num", "ordinal", name=op.f("pk_event_session")),
    )


def make_views():
    """Make the views and functions of any moment, and the views of the present one."""
    op.execute(EVENT_SCHEDULE)
    op.execute(SESSION_SCHEDULE)
    for name, (made_by, comment) in FUNCTIONS.items():
        op.execute(made_by)
        op.execute(f"COMMENT ON FUNCTION {name} IS {quoted(comment)}")
    for view, (function, comment) in NOW.items():
        op.execute(f"CREATE VIEW {view} AS SELECT * FROM {function}")
        op.execute(f"COMMENT ON VIEW {view} IS {quoted(comment)}")
    for view, comment in VIEW_COMMENTS.items():
        op.execute(f"COMMENT ON VIEW {view} IS {quoted(comment)}")


def quoted(words):
    """Return words as PostgreSQL reads them."""
    return "'" + words.replace("'", "''") + "'"


def upgrade():
    for view in reversed(REPLACED):
        op.execute(f"DROP VIEW {view}")
    for table, column in own_columns():
        op.add_column(table, column)
    op.execute(LAST_ENDS)
    op.execute(LAST_ENDS_OF_SEASONS)
    op.execute(WITHIN)
    retype("double precision")
    op.add_column(
        "event",
        sa.Column(
            "event_id",
            sa.BigInteger(),
            sa.Computed("season_id::bigint * 100 + race_week_num", persisted=True),
            nullable=False,
            comment=EVENT_ID,
        ),
    )
    op.create_unique_constraint(op.f("uq_event_event_id"), "event", ["event_id"])
    op.create_index(op.f("ix_event_category"), "event", ["category"])
    make_event_sessions()
    for table, checks in CHECKS.items():
        for name, condition in checks.items():
            constraint = op.f(f"ck_{table}_{name}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({condition}) NOT VALID")
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}")
    for table, column, comment, _ in COMMENTS:
        op.alter_column(table, column, comment=comment)
    make_views()
    op.execute(READ_AGAIN)


def downgrade():
    for view in reversed(NOW):
        op.execute(f"DROP VIEW {view}")
    for function in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP VIEW session_schedule")
    op.execute("DROP VIEW event_schedule")
    for table, column, _, before in COMMENTS:
        op.alter_column(table, column, comment=before)
    for table, checks in CHECKS.items():
        for name in checks:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.drop_table("event_session")
    op.drop_index(op.f("ix_event_category"), "event")
    op.drop_constraint(op.f("uq_event_event_id"), "event")
    op.drop_column("event", "event_id")
    retype("numeric")
    op.execute("UPDATE event SET ends_at = coalesce(week_ends_at, ends_at), is_ends_at_derived = week_ends_at IS NULL")
    op.execute("DELETE FROM event_time WHERE kind <> 'race'")
    for table, column in reversed(own_columns()):
        op.drop_column(table, column.name)
    op.execute(READ_AGAIN)
    first = context.script.get_revision("0001").module
    for view in REPLACED:
        op.execute(first.VIEWS[view])
