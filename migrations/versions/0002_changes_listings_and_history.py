"""changes, listings and history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
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
    )
    op.add_column("schedule_change", sa.Column("series_id", sa.Integer(), nullable=False))
    op.alter_column(
        "schedule_change",
        "at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="the moment of the run",
        existing_nullable=False,
    )
    op.alter_column(
        "schedule_change",
        "season_id",
        existing_type=sa.INTEGER(),
        nullable=True,
        comment="null where a whole series changed",
    )
    op.alter_column(
        "schedule_change",
        "race_week_num",
        existing_type=sa.INTEGER(),
        comment="null where a whole season changed",
        existing_nullable=True,
    )
    op.alter_column(
        "schedule_change",
        "field",
        existing_type=sa.TEXT(),
        comment="a column, or times, cars, restrictions, setups, weather, settings, round",
        existing_nullable=False,
    )
    op.create_index(op.f("ix_schedule_change_at"), "schedule_change", ["at"], unique=False)
    op.create_index(op.f("ix_schedule_change_series_id"), "schedule_change", ["series_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_schedule_change_series_id"), "schedule_change", "series", ["series_id"], ["series_id"]
    )
    op.alter_column(
        "schema_drift",
        "kind",
        existing_type=sa.TEXT(),
        comment="unknown, appeared or vanished",
        existing_comment="unknown or vanished",
        existing_nullable=False,
    )
    op.add_column(
        "season",
        sa.Column(
            "missing_since",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="since when the active seasons lack it though its last round is not over",
        ),
    )
    op.add_column(
        "season", sa.Column("settings_hash", sa.Text(), nullable=True, comment="of the rest in canonical form")
    )
    op.add_column(
        "season", sa.Column("shape_id", sa.Text(), nullable=True, comment="the fields of the document it came in")
    )
    op.alter_column(
        "season",
        "schedule_hash",
        existing_type=sa.TEXT(),
        comment="of the rounds in canonical form",
        existing_nullable=True,
    )
    op.alter_column(
        "season",
        "schedule_hash_version",
        existing_type=sa.INTEGER(),
        comment="of the canonical form",
        existing_nullable=True,
    )
    op.create_foreign_key(op.f("fk_season_shape_id"), "season", "document_shape", ["shape_id"], ["shape_id"])
    op.add_column(
        "sync_run",
        sa.Column(
            "listings",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="how long iRacing's lists were, and how long when they were last believed",
        ),
    )


def downgrade():
    op.drop_column("sync_run", "listings")
    op.drop_constraint(op.f("fk_season_shape_id"), "season", type_="foreignkey")
    op.alter_column(
        "season",
        "schedule_hash_version",
        existing_type=sa.INTEGER(),
        comment=None,
        existing_comment="of the canonical form",
        existing_nullable=True,
    )
    op.alter_column(
        "season",
        "schedule_hash",
        existing_type=sa.TEXT(),
        comment=None,
        existing_comment="of the rounds in canonical form",
        existing_nullable=True,
    )
    op.drop_column("season", "shape_id")
    op.drop_column("season", "settings_hash")
    op.drop_column("season", "missing_since")
    op.alter_column(
        "schema_drift",
        "kind",
        existing_type=sa.TEXT(),
        comment="unknown or vanished",
        existing_comment="unknown, appeared or vanished",
        existing_nullable=False,
    )
    op.drop_constraint(op.f("fk_schedule_change_series_id"), "schedule_change", type_="foreignkey")
    op.drop_index(op.f("ix_schedule_change_series_id"), table_name="schedule_change")
    op.drop_index(op.f("ix_schedule_change_at"), table_name="schedule_change")
    op.alter_column(
        "schedule_change",
        "field",
        existing_type=sa.TEXT(),
        comment=None,
        existing_comment="a column, or times, cars, restrictions, setups, weather, settings, round",
        existing_nullable=False,
    )
    op.alter_column(
        "schedule_change",
        "race_week_num",
        existing_type=sa.INTEGER(),
        comment=None,
        existing_comment="null where a whole season changed",
        existing_nullable=True,
    )
    op.alter_column(
        "schedule_change",
        "season_id",
        existing_type=sa.INTEGER(),
        nullable=False,
        comment=None,
        existing_comment="null where a whole series changed",
    )
    op.alter_column(
        "schedule_change",
        "at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment=None,
        existing_comment="the moment of the run",
        existing_nullable=False,
    )
    op.drop_column("schedule_change", "series_id")
    op.drop_table("past_quarter")
    op.drop_table("document_shape")
