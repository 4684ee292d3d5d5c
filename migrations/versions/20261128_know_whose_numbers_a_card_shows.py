"""Know whose numbers a card shows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("media_request", sa.Column("measured_of", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("media_request", "measured_of")
