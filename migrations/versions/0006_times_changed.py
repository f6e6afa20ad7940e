"""event.times_changed: how often a round has changed; which session of its round each session is."""

import sqlalchemy as sa
from alembic import context, op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COMMENT = "how often the round or what belongs to it changed, was removed, withdrawn or came back; never falls"

SESSION_SCHEDULE = """
CREATE VIEW session_schedule AS
SELECT e.event_id, e.season_id, e.race_week_num, e.series_id, e.series_name, e.season_name,
       e.season_year, e.season_quarter, e.season_status, e.season_missing_since,
       e.starts_at AS event_starts_at, e.ends_at AS event_ends_at,
       session.starts_at, session.starts_at + make_interval(mins => t.session_minutes) AS ends_at, t.is_super_session,
       t.session_minutes, e.track_id, e.track_name, e.config_name, e.package_id, e.package_name, e.category,
       e.license_group, e.official, e.fixed_setup, e.multiclass, e.driver_changes, e.race_laps, e.race_minutes,
       e.car_class_ids, e.car_class_names, e.car_ids, e.car_names,
       t.ordinal AS time_ordinal, session.day_ordinal, session.session_ordinal
FROM event_schedule e
JOIN event_time t ON t.season_id = e.season_id AND t.race_week_num = e.race_week_num AND t.kind = 'race'
CROSS JOIN LATERAL (
    SELECT extract(epoch FROM t.first_session_at)::int / 60 AS first, coalesce(t.end_offset_minutes, 1439) AS last
) AS minute
CROSS JOIN LATERAL (
    SELECT s.starts_at, 0 AS day_ordinal, (s.number - 1)::int AS session_ordinal
    FROM unnest(t.session_times) WITH ORDINALITY AS s(starts_at, number)
    UNION ALL
    SELECT (t.starts_on + d.day_offset + t.first_session_at) AT TIME ZONE 'UTC' + make_interval(mins => n.minutes),
           (d.number - 1)::int, n.minutes / coalesce(t.repeat_minutes, 1)
    FROM (SELECT day_offset, row_number() OVER (ORDER BY day_offset) AS number
          FROM unnest(t.day_offsets) AS day_offset) AS d
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

SLOT = {
    "time_ordinal": "the event_time that tells of the session",
    "day_ordinal": "0 is the first day of the pattern, and what has set times",
    "session_ordinal": "0 is the first session of the day, or of the set times",
}
"""What tells the sessions of a round apart, whenever they start."""


def make_sessions(view):
    """Make the view of all sessions anew, then what reads it."""
    meanings = context.script.get_revision("0004").module
    for kind, name in (("VIEW", "upcoming_session"), ("FUNCTION", UPCOMING), ("VIEW", "session_schedule")):
        op.execute(f"DROP {kind} {name}")
    made_by, function_comment = meanings.FUNCTIONS[UPCOMING]
    source, view_comment = meanings.NOW["upcoming_session"]
    op.execute(view)
    op.execute(made_by)
    op.execute(f"CREATE VIEW upcoming_session AS SELECT * FROM {source}")
    for name, comment in (
        ("VIEW session_schedule", meanings.VIEW_COMMENTS["session_schedule"]),
        (f"FUNCTION {UPCOMING}", function_comment),
        ("VIEW upcoming_session", view_comment),
    ):
        op.execute(f"COMMENT ON {name} IS {meanings.quoted(comment)}")


UPCOMING = "upcoming_sessions(timestamptz, timestamptz)"


def upgrade():
    column = sa.Column("times_changed", sa.Integer(), nullable=False, server_default=sa.text("0"), comment=COMMENT)
    op.add_column("event", column)
    make_sessions(SESSION_SCHEDULE)
    for name, comment in SLOT.items():
        op.execute(f"COMMENT ON COLUMN session_schedule.{name} IS '{comment}'")


def downgrade():
    make_sessions(context.script.get_revision("0004").module.SESSION_SCHEDULE)
    op.drop_column("event", "times_changed")
