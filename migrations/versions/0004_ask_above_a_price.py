"""Keep above which price a run of a canvas waits for a yes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

USUAL = 0.25  # USD: what canvases without rules of their own have; empty would be: never asks


def upgrade() -> None:
    op.add_column("policies", sa.Column("confirm_above_usd", sa.Double(), nullable=True))
    op.execute(sa.text("UPDATE policies SET confirm_above_usd = :usual").bindparams(usual=USUAL))


def downgrade() -> None:
    op.drop_column("policies", "confirm_above_usd")
