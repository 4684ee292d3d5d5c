"""Keep what Seerr answers about a request"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("media_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vanished_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("media_request", schema=None) as batch_op:
        batch_op.drop_column("gone_at")
        batch_op.drop_column("vanished_at")
