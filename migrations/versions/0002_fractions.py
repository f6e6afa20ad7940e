"""fractions: a chance of rain and a filling are measures, and iRacing has sent fractions for whole numbers before."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MEASURES = (("event", "precip_chance_pct"), ("car_restriction", "max_fuel_fill_pct"))

VIEWS = ("week_schedule", "current_event")
"""Those that show one of the measures, the first before those made of it."""

KINDS = "unknown, appeared, vanished or misfit"
DRIFT = "A JSON path that is unknown to the mapper, came or went with a release of the API, or holds a wrong type."


def retype(kind):
    """Change the type of the measures, under the views that show them."""
    definition = sa.text("SELECT pg_get_viewdef(to_regclass(:view))")
    views = {view: op.get_bind().scalar(definition, {"view": view}) for view in VIEWS}
    for view in reversed(VIEWS):
        op.execute(f"DROP VIEW {view}")
    for table, column in MEASURES:
        op.alter_column(table, column, type_=kind)
    for view, written in views.items():
        op.execute(f"CREATE VIEW {view} AS {written}")


def upgrade():
    retype(sa.Numeric())
    op.alter_column("schema_drift", "kind", comment=KINDS)
    op.create_table_comment("schema_drift", DRIFT)


def downgrade():
    op.create_table_comment(
        "schema_drift",
        "A JSON path that is unknown to the mapper, or that came or went with a release of the API.",
    )
    op.alter_column("schema_drift", "kind", comment="unknown, appeared or vanished")
    retype(sa.Integer())
