"""job: what workers do for a run."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("now()")
NONE = sa.text("0")


def upgrade():
    op.create_table(
        "job",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("endpoint", sa.Text(), nullable=True),
        sa.Column("params", postgresql.JSONB(), nullable=False),
        sa.Column("cached", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("most_calls", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default=NONE, nullable=False),
        sa.Column("calls", sa.Integer(), server_default=NONE, nullable=False),
        sa.Column("not_before", INSTANT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_kind", sa.Text(), nullable=True),
        sa.Column("put_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("fetched_at", INSTANT, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('document', 'run')", name=op.f("ck_job_kind")),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.CheckConstraint("cached IN ('miss', 'refresh')", name=op.f("ck_job_cached")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_state"), "job", ["state"])


def downgrade():
    op.drop_table("job")
