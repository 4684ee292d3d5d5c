"""Keep facts, requests, changes and deliveries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_outcome", ["outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_received_at"), ["received_at"], unique=False)

    op.create_table(
        "download",
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("quality", sa.String(), nullable=True),
        sa.Column("indexer", sa.String(), nullable=True),
        sa.Column("client", sa.String(), nullable=True),
        sa.Column("size", NUMBER, nullable=True),
        sa.Column("grabbed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "stage",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("size_left", NUMBER, nullable=True),
        sa.Column("speed", NUMBER, nullable=True),
        sa.Column("eta", NUMBER, nullable=True),
        sa.Column("seeds", NUMBER, nullable=True),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_messages", sa.JSON(), nullable=True),
        sa.Column("id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_download")),
    )
    op.create_table(
        "media",
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("year", NUMBER, nullable=True),
        sa.Column("poster_url", sa.String(), nullable=True),
        sa.Column("poster_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("episodes_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("name", name=op.f("uq_setting_name")),
    )
    op.create_table(
        "download_alias",
        sa.Column("download_pk", NUMBER, nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("is_nameless", sa.Boolean(), nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["download_pk"], ["download.id"], name=op.f("fk_download_alias_download_pk_download")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_download_alias")),
        sa.UniqueConstraint("value", name=op.f("uq_download_alias_value")),
    )
    with op.batch_alter_table("download_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_download_alias_download_pk"), ["download_pk"], unique=False)

    op.create_table(
        "entry",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("media_id", NUMBER, nullable=False),
        sa.Column("is_4k", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("files_deleted", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_entry_media_id_media")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("source", "instance", "entry_id", name=op.f("uq_entry_source_instance_entry_id")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_media_id"), ["media_id"], unique=False)

    op.create_table(
        "external_id",
        sa.Column("media_id", NUMBER, nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_external_id_media_id_media")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_id")),
        sa.UniqueConstraint("media_type", "provider", "value", name=op.f("uq_external_id_media_type_provider_value")),
    )
    with op.batch_alter_table("external_id", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_external_id_media_id"), ["media_id"], unique=False)

    op.create_table(
        "item",
        sa.Column("media_id", NUMBER, nullable=False),
        sa.Column("season", NUMBER, nullable=False),
        sa.Column("episode", NUMBER, nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("air_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aired", sa.Boolean(), nullable=True),
        sa.Column("monitored", sa.Boolean(), nullable=True),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_item_media_id_media")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("media_id", "season", "episode", name=op.f("uq_item_media_id_season_episode")),
    )
    op.create_table(
        "library_item",
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column(
            "item_type",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("media_id", NUMBER, nullable=True),
        sa.Column("series_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("season", NUMBER, nullable=True),
        sa.Column("episodes", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_library_item_media_id_media")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_item")),
        sa.UniqueConstraint("instance", "item_id", name=op.f("uq_library_item_instance_item_id")),
    )
    with op.batch_alter_table("library_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_library_item_media_id"), ["media_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_library_item_series_id"), ["series_id"], unique=False)

    op.create_table(
        "media_request",
        sa.Column("media_id", NUMBER, nullable=False),
        sa.Column("seerr_request_id", NUMBER, nullable=True),
        sa.Column("requested_by", sa.String(), nullable=True),
        sa.Column("is_4k", sa.Boolean(), nullable=False),
        sa.Column("seasons", sa.JSON(), nullable=True),
        sa.Column("pending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("progress", NUMBER, nullable=False),
        sa.Column("eta", NUMBER, nullable=False),
        sa.Column("speed", NUMBER, nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("face", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rev", NUMBER, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_media_request_media_id_media")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_request")),
        sa.UniqueConstraint("seerr_request_id", name=op.f("uq_media_request_seerr_request_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("media_request", schema=None) as batch_op:
        batch_op.create_index("ix_media_request_board", ["deleted_at", "state", "state_since"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_request_media_id"), ["media_id"], unique=False)
        batch_op.create_index("ix_media_request_rev", ["rev"], unique=False)

    op.create_table(
        "change",
        sa.Column("media_request_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "from_state",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["media_request_id"], ["media_request.id"], name=op.f("fk_change_media_request_id_media_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_media_request_id"), ["media_request_id"], unique=False)

    op.create_table(
        "grab",
        sa.Column("entry_pk", NUMBER, nullable=False),
        sa.Column("download_pk", NUMBER, nullable=False),
        sa.Column("item_pk", NUMBER, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["download_pk"], ["download.id"], name=op.f("fk_grab_download_pk_download")),
        sa.ForeignKeyConstraint(["entry_pk"], ["entry.id"], name=op.f("fk_grab_entry_pk_entry")),
        sa.ForeignKeyConstraint(["item_pk"], ["item.id"], name=op.f("fk_grab_item_pk_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grab")),
        sa.UniqueConstraint("entry_pk", "download_pk", "item_pk", name=op.f("uq_grab_entry_pk_download_pk_item_pk")),
    )
    with op.batch_alter_table("grab", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grab_download_pk"), ["download_pk"], unique=False)
        batch_op.create_index(batch_op.f("ix_grab_item_pk"), ["item_pk"], unique=False)

    op.create_table(
        "import_hint",
        sa.Column("entry_pk", NUMBER, nullable=False),
        sa.Column("item_pk", NUMBER, nullable=False),
        sa.Column("download_id", sa.String(), nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["entry_pk"], ["entry.id"], name=op.f("fk_import_hint_entry_pk_entry")),
        sa.ForeignKeyConstraint(["item_pk"], ["item.id"], name=op.f("fk_import_hint_item_pk_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_hint")),
        sa.UniqueConstraint(
            "entry_pk", "item_pk", "download_id", name=op.f("uq_import_hint_entry_pk_item_pk_download_id")
        ),
    )
    with op.batch_alter_table("import_hint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_hint_entry_pk"), ["entry_pk"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_hint_item_pk"), ["item_pk"], unique=False)

    op.create_table(
        "media_file",
        sa.Column("entry_pk", NUMBER, nullable=False),
        sa.Column("file_id", NUMBER, nullable=False),
        sa.Column("download_id", sa.String(), nullable=True),
        sa.Column("quality", sa.String(), nullable=True),
        sa.Column("size", NUMBER, nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "death",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column("died_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["entry_pk"], ["entry.id"], name=op.f("fk_media_file_entry_pk_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_file")),
        sa.UniqueConstraint("entry_pk", "file_id", name=op.f("uq_media_file_entry_pk_file_id")),
    )
    with op.batch_alter_table("media_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_file_entry_pk"), ["entry_pk"], unique=False)

    op.create_table(
        "media_file_item",
        sa.Column("media_file_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_media_file_item_item_id_item"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["media_file_id"],
            ["media_file.id"],
            name=op.f("fk_media_file_item_media_file_id_media_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("media_file_id", "item_id", name=op.f("pk_media_file_item")),
    )
    with op.batch_alter_table("media_file_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_file_item_item_id"), ["item_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("media_file_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_file_item_item_id"))

    op.drop_table("media_file_item")
    with op.batch_alter_table("media_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_file_entry_pk"))

    op.drop_table("media_file")
    with op.batch_alter_table("import_hint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_hint_item_pk"))
        batch_op.drop_index(batch_op.f("ix_import_hint_entry_pk"))

    op.drop_table("import_hint")
    with op.batch_alter_table("grab", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grab_item_pk"))
        batch_op.drop_index(batch_op.f("ix_grab_download_pk"))

    op.drop_table("grab")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_media_request_id"))

    op.drop_table("change")
    with op.batch_alter_table("media_request", schema=None) as batch_op:
        batch_op.drop_index("ix_media_request_rev")
        batch_op.drop_index(batch_op.f("ix_media_request_media_id"))
        batch_op.drop_index("ix_media_request_board")

    op.drop_table("media_request")
    with op.batch_alter_table("library_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_library_item_series_id"))
        batch_op.drop_index(batch_op.f("ix_library_item_media_id"))

    op.drop_table("library_item")
    op.drop_table("item")
    with op.batch_alter_table("external_id", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_external_id_media_id"))

    op.drop_table("external_id")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_media_id"))

    op.drop_table("entry")
    with op.batch_alter_table("download_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_download_alias_download_pk"))

    op.drop_table("download_alias")
    op.drop_table("setting")
    op.drop_table("media")
    op.drop_table("download")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_received_at"))
        batch_op.drop_index("ix_delivery_outcome")

    op.drop_table("delivery")
