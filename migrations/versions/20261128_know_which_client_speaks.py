"""Know which download client speaks of a download"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("download", sa.Column("speaker", sa.String(), nullable=True))
    # There was one, and this was its name.
    op.execute("UPDATE download SET speaker = 'qBittorrent' WHERE stage IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("download", schema=None) as batch_op:
        batch_op.drop_column("speaker")
