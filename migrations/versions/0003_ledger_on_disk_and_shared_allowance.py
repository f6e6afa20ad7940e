"""the ledger on disk, the shared allowance, and catalogues loaded before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "api_allowance",
        sa.Column("account", sa.Text(), nullable=False, comment="a fingerprint of service, client and user"),
        sa.Column("next_at", sa.TIMESTAMP(timezone=True), nullable=False, comment="when the next call is due"),
        sa.Column("blocked_until", sa.TIMESTAMP(timezone=True), nullable=False, comment="when a refusal (429) ends"),
        sa.Column("call_limit", sa.Integer(), nullable=True, comment="answers in a window, as iRacing tells"),
        sa.Column(
            "resets_at", sa.TIMESTAMP(timezone=True), nullable=False, comment="when the window ends, as iRacing tells"
        ),
        sa.Column("used", sa.Integer(), nullable=False, comment="our own calls since counted_from"),
        sa.Column("others", sa.Integer(), nullable=False, comment="what else the account was used for in this window"),
        sa.Column("counted_from", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("window_seconds", sa.Double(), nullable=False, comment="the longest window seen so far"),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_api_allowance")),
    )
    op.create_table(
        "loaded_catalogue",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False, comment="SHA-256 of the document"),
        sa.Column("version", sa.Text(), nullable=False, comment="the version of iracing-sync that loaded it"),
        sa.Column("loaded_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column(
            "rows",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="how many rows of each table it holds",
        ),
        sa.PrimaryKeyConstraint("endpoint", name=op.f("pk_loaded_catalogue")),
    )
    op.add_column(
        "api_call_log",
        sa.Column("entry_id", sa.Uuid(), nullable=True, comment="of the entry on disk, so that none is written twice"),
    )
    op.add_column(
        "api_call_log", sa.Column("error", sa.Text(), nullable=True, comment="why the attempt gave no document")
    )
    op.alter_column(
        "api_call_log",
        "run_id",
        existing_type=sa.UUID(),
        comment="null for a command that only reads, or a dry run",
        existing_nullable=True,
    )
    op.alter_column(
        "api_call_log",
        "duration_ms",
        existing_type=sa.INTEGER(),
        comment="with the document behind the link",
        existing_nullable=False,
    )
    op.alter_column(
        "api_call_log",
        "size_bytes",
        existing_type=sa.INTEGER(),
        comment="unpacked, with the document behind the link",
        existing_nullable=True,
    )
    op.create_unique_constraint(op.f("uq_api_call_log_entry_id"), "api_call_log", ["entry_id"])


def downgrade():
    op.drop_constraint(op.f("uq_api_call_log_entry_id"), "api_call_log", type_="unique")
    op.alter_column(
        "api_call_log",
        "size_bytes",
        existing_type=sa.INTEGER(),
        comment=None,
        existing_comment="unpacked, with the document behind the link",
        existing_nullable=True,
    )
    op.alter_column(
        "api_call_log",
        "duration_ms",
        existing_type=sa.INTEGER(),
        comment=None,
        existing_comment="with the document behind the link",
        existing_nullable=False,
    )
    op.alter_column(
        "api_call_log",
        "run_id",
        existing_type=sa.UUID(),
        comment=None,
        existing_comment="null for a command that only reads, or a dry run",
        existing_nullable=True,
    )
    op.drop_column("api_call_log", "error")
    op.drop_column("api_call_log", "entry_id")
    op.drop_table("loaded_catalogue")
    op.drop_table("api_allowance")
