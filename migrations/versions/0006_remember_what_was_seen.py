"""Remember, for each person, which comments that call them they have seen."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seen_comments",
        sa.Column("person", sa.String(length=12), nullable=False),
        sa.Column("canvas", sa.String(length=12), nullable=False),
        sa.Column("comment", sa.String(length=12), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["canvas"], ["canvases.id"], name=op.f("fk_seen_comments_canvas_canvases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person"], ["people.id"], name=op.f("fk_seen_comments_person_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person", "canvas", "comment", name=op.f("pk_seen_comments")),
    )
    op.create_index(op.f("ix_seen_comments_canvas"), "seen_comments", ["canvas"])


def downgrade() -> None:
    op.drop_table("seen_comments")
