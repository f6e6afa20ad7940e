"""listed seasons: how much of a past quarter iRacing's list of it holds, by which a run over the past is planned."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "past_quarter",
        sa.Column(
            "listed",
            sa.Integer(),
            nullable=True,
            comment="how many series/seasons gave with their rounds; null where it was not asked",
        ),
    )
    op.create_table_comment("past_quarter", "A past quarter that was loaded.")


def downgrade():
    op.create_table_comment("past_quarter", "A quarter that `run --history` has loaded.")
    op.drop_column("past_quarter", "listed")
