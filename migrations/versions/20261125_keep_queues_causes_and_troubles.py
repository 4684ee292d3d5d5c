"""Keep queues, causes and troubles"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cause",
        sa.Column(
            "kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("upstream", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause")),
        sa.UniqueConstraint("kind", "upstream", name=op.f("uq_cause_kind_upstream")),
    )
    op.create_table(
        "connection",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("upstream", sa.String(), nullable=False),
        sa.Column("is_registered", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        sa.UniqueConstraint("upstream", name=op.f("uq_connection_upstream")),
    )
    op.create_table(
        "held_release",
        sa.Column("entry_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hold", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["entry_pk"], ["entry.id"], name=op.f("fk_held_release_entry_pk_entry")),
        sa.ForeignKeyConstraint(["item_pk"], ["item.id"], name=op.f("fk_held_release_item_pk_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_release")),
        sa.UniqueConstraint("entry_pk", "item_pk", name=op.f("uq_held_release_entry_pk_item_pk")),
    )
    with op.batch_alter_table("held_release", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_release_entry_pk"), ["entry_pk"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_release_item_pk"), ["item_pk"], unique=False)

    op.add_column("change", sa.Column("is_reconstructed", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("download", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("last_byte_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "queue_stage",
                sa.String(length=32),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("queue_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("queue_read_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("queue_progress", sa.Double(), nullable=True))
        batch_op.add_column(
            sa.Column("queue_size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("queue_eta", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("queue_messages", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("protocol", sa.String(length=32), nullable=False, server_default="unknown"))
        batch_op.add_column(sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "dropping",
                sa.String(length=32),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("drop_message", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("drop_known_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("doubted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("monitored", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("is_released", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("release_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("searched_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("path", sa.String(), nullable=True))

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("searched_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("library_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("server_id", sa.String(), nullable=True))

    with op.batch_alter_table("media_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("measured_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("trouble", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_media_request_look_at"), ["look_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("media_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_request_look_at"))
        batch_op.drop_column("look_at")
        batch_op.drop_column("trouble")
        batch_op.drop_column("measured_by")

    with op.batch_alter_table("library_item", schema=None) as batch_op:
        batch_op.drop_column("server_id")
        batch_op.drop_column("gone_at")

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_column("searched_at")

    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_column("path")
        batch_op.drop_column("searched_at")
        batch_op.drop_column("release_at")
        batch_op.drop_column("is_released")
        batch_op.drop_column("monitored")
        batch_op.drop_column("doubted_at")

    with op.batch_alter_table("download", schema=None) as batch_op:
        batch_op.drop_column("drop_known_at")
        batch_op.drop_column("drop_message")
        batch_op.drop_column("dropping")
        batch_op.drop_column("dropped_at")
        batch_op.drop_column("protocol")
        batch_op.drop_column("queue_messages")
        batch_op.drop_column("queue_eta")
        batch_op.drop_column("queue_size")
        batch_op.drop_column("queue_progress")
        batch_op.drop_column("queue_read_at")
        batch_op.drop_column("queue_since")
        batch_op.drop_column("queue_stage")
        batch_op.drop_column("last_byte_at")
        batch_op.drop_column("place")
        batch_op.drop_column("stage_since")

    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_column("is_reconstructed")

    with op.batch_alter_table("held_release", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_release_item_pk"))
        batch_op.drop_index(batch_op.f("ix_held_release_entry_pk"))

    op.drop_table("held_release")
    op.drop_table("connection")
    op.drop_table("cause")
