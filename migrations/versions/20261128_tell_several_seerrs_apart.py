"""Tell several Seerrs apart

What was asked for so far was asked for in the one that there was.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

# A constraint of SQLite is changed by making the table anew, which would forget that numbers never return.
AS_BEFORE = {"sqlite_autoincrement": True}
REQUEST = "uq_media_request_seerr_request_id"
REQUEST_OF_SEERR = "uq_media_request_seerr_instance_seerr_request_id"
USER = "uq_requester_seerr_user_id"
USER_OF_SEERR = "uq_requester_seerr_instance_seerr_user_id"


def upgrade() -> None:
    with op.batch_alter_table("media_request", table_kwargs=AS_BEFORE) as table:
        table.add_column(sa.Column("seerr_instance", sa.String(), nullable=True))
        table.drop_constraint(REQUEST, type_="unique")
        table.create_unique_constraint(REQUEST_OF_SEERR, ["seerr_instance", "seerr_request_id"])
    op.execute("UPDATE media_request SET seerr_instance = 'seerr' WHERE seerr_request_id IS NOT NULL")
    with op.batch_alter_table("requester", table_kwargs=AS_BEFORE) as table:
        table.add_column(sa.Column("seerr_instance", sa.String(), nullable=False, server_default="seerr"))
        table.drop_constraint(USER, type_="unique")
        table.create_unique_constraint(USER_OF_SEERR, ["seerr_instance", "seerr_user_id"])


def downgrade() -> None:
    # Numbers of the other Seerrs would be taken for those of the one that is left.
    op.execute("UPDATE requester SET seerr_user_id = NULL WHERE seerr_instance <> 'seerr'")
    with op.batch_alter_table("requester", table_kwargs=AS_BEFORE) as table:
        table.drop_constraint(USER_OF_SEERR, type_="unique")
        table.create_unique_constraint(USER, ["seerr_user_id"])
        table.drop_column("seerr_instance")
    op.execute("UPDATE media_request SET seerr_request_id = NULL WHERE seerr_instance <> 'seerr'")
    with op.batch_alter_table("media_request", table_kwargs=AS_BEFORE) as table:
        table.drop_constraint(REQUEST_OF_SEERR, type_="unique")
        table.create_unique_constraint(REQUEST, ["seerr_request_id"])
        table.drop_column("seerr_instance")
