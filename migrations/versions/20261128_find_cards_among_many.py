"""Find cards among many"""

from __future__ import annotations

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STAGES = {
    "requested": "waiting",
    "approved": "looking",
    "grabbed": "on_the_way",
    "downloading": "on_the_way",
    "downloaded": "almost_there",
    "importing": "almost_there",
    "imported": "almost_there",
    "partially_available": "ready",
    "available": "ready",
    "declined": "closed",
    "failed": "needs_a_look",
    "removed": "closed",
}
REQUEST = sa.table(
    "media_request",
    *(sa.column("id", sa.BigInteger), sa.column("state", sa.String), sa.column("requested_by", sa.String)),
    *(sa.column("face", sa.JSON), sa.column("trouble", sa.JSON)),
    *(sa.column("stage", sa.String), sa.column("sought", sa.String)),
)


def upgrade() -> None:
    op.add_column(
        "media_request", sa.Column("stage", sa.String(length=32), nullable=False, server_default=sa.text("'waiting'"))
    )
    op.add_column("media_request", sa.Column("sought", sa.String(), nullable=False, server_default=sa.text("''")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(REQUEST)).all():
        values = {"stage": _stage(row), "sought": _sought(row)}
        connection.execute(sa.update(REQUEST).where(REQUEST.c.id == row.id).values(values))
    op.drop_index("ix_media_request_board", "media_request")
    op.create_index("ix_media_request_stage", "media_request", ["deleted_at", "stage", "state_since"])
    op.create_index("ix_media_request_history", "media_request", ["deleted_at", "state_since"])


def downgrade() -> None:
    op.drop_index("ix_media_request_history", "media_request")
    op.drop_index("ix_media_request_stage", "media_request")
    op.create_index("ix_media_request_board", "media_request", ["deleted_at", "state", "state_since"])
    op.drop_column("media_request", "sought")
    op.drop_column("media_request", "stage")


def _stage(row: Any) -> str:
    """Say where a card stands, as the code of this day does; the next change of the card says it anew."""
    usual = STAGES[row.state]
    if row.trouble and row.trouble.get("who") == "admin" and usual not in ("waiting", "closed"):
        return "needs_a_look"
    is_moving = bool((row.face or {}).get("moving")) and row.state in ("imported", "partially_available")
    return "on_the_way" if is_moving else usual


def _sought(row: Any) -> str:
    face = row.face or {}
    text = " ".join([face.get("title") or "", str(face.get("year") or ""), row.requested_by or ""])
    spread = unicodedata.normalize("NFKD", text)
    return " ".join("".join(each for each in spread if not unicodedata.combining(each)).casefold().split())
