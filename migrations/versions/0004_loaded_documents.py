"""the documents that were loaded last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
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
    )


def downgrade():
    op.drop_table("loaded_documents")
