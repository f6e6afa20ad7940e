"""event.times_changed: how often a round has changed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COMMENT = "how often the round or what belongs to it changed, was removed, withdrawn or came back; never falls"


def upgrade():
    column = sa.Column("times_changed", sa.Integer(), nullable=False, server_default=sa.text("0"), comment=COMMENT)
    op.add_column("event", column)


def downgrade():
    op.drop_column("event", "times_changed")
