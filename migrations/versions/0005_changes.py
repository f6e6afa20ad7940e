"""changes: one row a fact with all rounds that it is of, and its sentence."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROUNDS = "race_week_num of each round that it is of; empty where a whole season or series changed"
SENTENCE = "what people read; null where an older version wrote it"
FIRST = "the first of rounds; null where a whole season or series changed"
FIELD = (
    "a column, or times, cars, restrictions, setups, weather, settings, round, season (it is new), "
    "class_cars (who is in a class)"
)
SERIES = "null where a car class changed"
KINDS = "kind IN ('unknown', 'appeared', 'vanished', 'misfit'{})"
DRIFT = "unknown, appeared, vanished, misfit, or everywhere: the same change in at least half of all rounds"


def constrain_drift(more):
    """Let a path be noted as one of some kinds."""
    op.drop_constraint(op.f("ck_schema_drift_kind"), "schema_drift")
    op.create_check_constraint(op.f("ck_schema_drift_kind"), "schema_drift", KINDS.format(more))


def upgrade():
    op.add_column(
        "schedule_change",
        sa.Column(
            "rounds", postgresql.ARRAY(sa.Integer()), nullable=False, server_default=sa.text("'{}'"), comment=ROUNDS
        ),
    )
    op.add_column("schedule_change", sa.Column("sentence", sa.Text(), comment=SENTENCE))
    op.execute("UPDATE schedule_change SET rounds = ARRAY[race_week_num] WHERE race_week_num IS NOT NULL")
    op.alter_column("schedule_change", "race_week_num", comment=FIRST)
    op.alter_column("schedule_change", "field", comment=FIELD)
    op.alter_column("schedule_change", "series_id", nullable=True, comment=SERIES)
    op.alter_column("schema_drift", "kind", comment=DRIFT)
    constrain_drift(", 'everywhere'")


def downgrade():
    op.execute("DELETE FROM schema_drift WHERE kind = 'everywhere'")
    constrain_drift("")
    op.alter_column("schema_drift", "kind", comment="unknown, appeared, vanished or misfit")
    op.execute("DELETE FROM schedule_change WHERE series_id IS NULL")
    op.alter_column("schedule_change", "series_id", nullable=False, comment=None)
    op.alter_column(
        "schedule_change",
        "field",
        comment="a column, or times, cars, restrictions, setups, weather, settings, round",
    )
    op.alter_column("schedule_change", "race_week_num", comment="null where a whole season changed")
    op.drop_column("schedule_change", "sentence")
    op.drop_column("schedule_change", "rounds")
