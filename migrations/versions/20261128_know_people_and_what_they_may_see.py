"""Know people and what they may see"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "requester",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("seerr_user_id", NUMBER, nullable=True),
        sa.Column("jellyfin_user_id", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requester")),
        sa.UniqueConstraint("seerr_user_id", name=op.f("uq_requester_seerr_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_requester_jellyfin_user_id"), "requester", ["jellyfin_user_id"])
    op.create_index(op.f("ix_requester_email"), "requester", ["email"])
    op.add_column(
        "media_request",
        sa.Column(
            "requester_id",
            NUMBER,
            sa.ForeignKey("requester.id", name=op.f("fk_media_request_requester_id_requester")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.create_index(op.f("ix_media_request_requester_id"), "media_request", ["requester_id"])
    op.create_table(
        "account",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("requester_id", NUMBER, nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("invitation_hash", sa.String(), nullable=True),
        sa.Column("invitation_expires_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("barred_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["requester_id"], ["requester.id"], name=op.f("fk_account_requester_id_requester")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("provider", "subject", name=op.f("uq_account_provider_subject")),
        sa.UniqueConstraint("invitation_hash", name=op.f("uq_account_invitation_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "browser_session",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("user_agent", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_browser_session_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_browser_session_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_browser_session_user_id"), "browser_session", ["user_id"])
    op.create_table(
        "failed_sign_in",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_in")),
        sa.UniqueConstraint("subject", name=op.f("uq_failed_sign_in_subject")),
    )
    op.create_index(op.f("ix_failed_sign_in_last_at"), "failed_sign_in", ["last_at"])
    op.create_table(
        "api_key",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("may_change", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
    )
    op.create_table(
        "webhook_token",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_webhook_token_token_hash")),
    )
    op.create_table(
        "link",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("media_request_id", NUMBER, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("sealed_token", sa.String(), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["media_request_id"], ["media_request.id"], name=op.f("fk_link_media_request_id_media_request")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_link_created_by_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_token_hash")),
    )
    op.create_index(op.f("ix_link_media_request_id"), "link", ["media_request_id"])


def downgrade() -> None:
    for name in ("link", "webhook_token", "api_key", "failed_sign_in", "browser_session", "account"):
        op.drop_table(name)
    op.drop_index(op.f("ix_media_request_requester_id"), "media_request")
    with op.batch_alter_table("media_request", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("requester_id")
    op.drop_table("requester")
