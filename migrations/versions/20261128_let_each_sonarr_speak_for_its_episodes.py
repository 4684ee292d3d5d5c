"""Let each Sonarr speak for its own episodes

What it wants and searches for was kept with the episode, where HD and 4K overwrote each other.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "episode_search",
        sa.Column("entry_pk", NUMBER, nullable=False),
        sa.Column("item_pk", NUMBER, nullable=False),
        sa.Column("monitored", sa.Boolean(), nullable=False),
        sa.Column("searched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["entry_pk"], ["entry.id"], name=op.f("fk_episode_search_entry_pk_entry")),
        sa.ForeignKeyConstraint(["item_pk"], ["item.id"], name=op.f("fk_episode_search_item_pk_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_search")),
        sa.UniqueConstraint("entry_pk", "item_pk", name=op.f("uq_episode_search_entry_pk_item_pk")),
    )
    op.create_index(op.f("ix_episode_search_item_pk"), "episode_search", ["item_pk"])
    # Whoever was read last said it; the next reading puts the other one right.
    op.execute(
        "INSERT INTO episode_search (entry_pk, item_pk, monitored, searched_at)"
        " SELECT entry.id, item.id, item.monitored, item.searched_at"
        " FROM item JOIN entry ON entry.media_id = item.media_id"
        " WHERE entry.source = 'sonarr' AND entry.read_at IS NOT NULL AND item.monitored IS NOT NULL"
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_column("searched_at")
        batch_op.drop_column("monitored")


def downgrade() -> None:
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("monitored", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("searched_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE item SET monitored ="
        " (SELECT monitored FROM episode_search WHERE item_pk = item.id ORDER BY episode_search.id LIMIT 1)"
    )
    op.execute(
        "UPDATE item SET searched_at ="
        " (SELECT searched_at FROM episode_search WHERE item_pk = item.id ORDER BY episode_search.id LIMIT 1)"
    )
    op.drop_table("episode_search")
