"""Keep a history: keyframes, moments and named versions.

What a canvas's snapshot covers was kept before without the state that it began from, so it cannot be played: the
history of a canvas that is there already begins with its snapshot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("updates", sa.Column("note", sa.String(length=200), nullable=True))
    op.create_table(
        "keyframes",
        _canvas(),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("sum", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        _of_snapshots("keyframes"),
        sa.PrimaryKeyConstraint("canvas", "seq", name=op.f("pk_keyframes")),
    )
    op.create_table(
        "moments",
        _canvas(),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("sum", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.LargeBinary(), nullable=True),
        _of_snapshots("moments"),
        sa.PrimaryKeyConstraint("canvas", "seq", name=op.f("pk_moments")),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.String(length=12), nullable=False),
        _canvas(),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        _of_snapshots("versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
    )
    op.create_index("ix_versions_canvas", "versions", ["canvas"])
    columns = "canvas, seq, at, payload, sum"
    op.execute(f"INSERT INTO keyframes ({columns}) SELECT {columns} FROM snapshots WHERE seq > 0")
    op.execute("DELETE FROM updates WHERE seq <= (SELECT seq FROM snapshots WHERE snapshots.canvas = updates.canvas)")


def downgrade() -> None:
    op.drop_table("versions")
    op.drop_table("moments")
    op.drop_table("keyframes")
    op.drop_column("updates", "note")


def _canvas() -> sa.Column[str]:
    return sa.Column("canvas", sa.String(length=12), nullable=False)


def _of_snapshots(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_canvas_snapshots")
    return sa.ForeignKeyConstraint(["canvas"], ["snapshots.canvas"], name=name, ondelete="CASCADE")
