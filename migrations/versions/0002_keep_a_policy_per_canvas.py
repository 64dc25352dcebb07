"""Keep a policy per canvas."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policies",
        sa.Column("canvas", sa.String(length=12), nullable=False),
        sa.Column("privacy", sa.String(length=8), nullable=False),
        sa.Column("budget_usd", sa.Double(), nullable=True),
        sa.CheckConstraint("privacy IN ('any', 'open', 'local')", name=op.f("ck_policies_privacy")),
        sa.ForeignKeyConstraint(
            ["canvas"], ["canvases.id"], name=op.f("fk_policies_canvas_canvases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("canvas", name=op.f("pk_policies")),
    )


def downgrade() -> None:
    op.drop_table("policies")
