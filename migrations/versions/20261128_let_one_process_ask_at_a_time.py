"""Let one process ask at a time"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    lease = op.create_table(
        "lease",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("term", NUMBER, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease")),
    )
    op.bulk_insert(lease, [{"id": 1, "term": 0, "until": datetime(2026, 1, 1, tzinfo=UTC)}])


def downgrade() -> None:
    op.drop_table("lease")
