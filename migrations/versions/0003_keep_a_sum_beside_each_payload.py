"""Keep a sum beside each payload of the update log, so that a disk's damage is seen.

Rows that are there already keep none: they are read through instead, and the next snapshot covers them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("snapshots", "updates"):
        op.add_column(table, sa.Column("sum", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for table in ("snapshots", "updates"):
        op.drop_column(table, "sum")
