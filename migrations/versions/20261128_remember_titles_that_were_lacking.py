"""Remember titles that Radarr or Sonarr did not have"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("media_request", sa.Column("lacked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("media_request", schema=None) as batch_op:
        batch_op.drop_column("lacked_at")
