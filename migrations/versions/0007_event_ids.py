"""event_id in what belongs to a round; sim_car.sku."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PARTS = ("event_time", "event_session", "event_class", "event_car", "car_restriction")
KEY = "season_id::bigint * 100 + race_week_num"
SKU = """
UPDATE sim_car SET settings = settings - 'sku', sku = CASE
    WHEN settings->>'sku' ~ '^[1-9][0-9]{0,8}$' THEN (settings->>'sku')::integer
END
WHERE settings ? 'sku'
"""
"""Until now it was among the fields without a column; a catalogue that is the same is not mapped again."""


def upgrade():
    for table in PARTS:
        op.add_column(table, sa.Column("event_id", sa.BigInteger(), sa.Computed(KEY, persisted=True), nullable=False))
        op.create_index(f"ix_{table}_event_id", table, ["event_id"])
    op.add_column("sim_car", sa.Column("sku", sa.Integer()))
    op.execute(SKU)


def downgrade():
    op.execute("UPDATE sim_car SET settings = settings || jsonb_build_object('sku', sku) WHERE sku IS NOT NULL")
    op.drop_column("sim_car", "sku")
    for table in PARTS:
        op.drop_column(table, "event_id")
