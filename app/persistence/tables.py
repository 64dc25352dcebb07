"""Every table, for SQLite and PostgreSQL alike. Declarations only.

Times are seconds since 1970 as doubles: the one form in which both databases keep them without a time zone of
their own. Ids are text. JSON is kept as text where only the app reads it. A secret is here as a digest or hash only.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

# Names for every constraint, so that a migration can name what it changes on both databases.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = String(12)
_DIGEST = String(64)


def _of(target: str, *, primary_key: bool = False, index: bool = False) -> Column[str]:
    """Return a column named after what it refers to; its row goes when that goes."""
    name = {"people.id": "person", "canvases.id": "canvas"}[target]
    key = ForeignKey(target, ondelete="CASCADE")
    return Column(name, _ID, key, primary_key=primary_key, index=index, nullable=False)


people = Table(
    "people",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(40), nullable=False),
    Column("hue", Integer, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("owner", Boolean, nullable=False),
    Column("created_at", Double, nullable=False),
    CheckConstraint("kind IN ('member', 'guest')", name="kind"),
)

credentials = Table(
    "credentials",
    metadata,
    _of("people.id", primary_key=True),
    Column("login", String(160), nullable=False, unique=True),  # folding can lengthen a name
    Column("password", String(200), nullable=False),
    Column("created_at", Double, nullable=False),
)

web_sessions = Table(
    "web_sessions",
    metadata,
    Column("digest", _DIGEST, primary_key=True),
    _of("people.id", index=True),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("digest", _DIGEST, nullable=False, unique=True),
    _of("people.id", index=True),
    Column("label", String(40), nullable=False),
    Column("created_at", Double, nullable=False),
)

canvases = Table(
    "canvases",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("created_by", _ID, nullable=False),  # no key: a canvas outlives the account of whoever made it
    Column("created_at", Double, nullable=False),
)

invites = Table(
    "invites",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("digest", _DIGEST, nullable=False, unique=True),
    _of("canvases.id", index=True),
    Column("role", String(16), nullable=False),
    Column("created_by", _ID, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
)

members = Table(
    "members",
    metadata,
    _of("canvases.id", primary_key=True),
    _of("people.id", primary_key=True, index=True),
    Column("role", String(16), nullable=False),
    # The link that gave this role; empty once an owner gave one by hand. No key: revoking decides what to do first.
    Column("invite", _ID, nullable=True, index=True),
    Column("since", Double, nullable=False),
    CheckConstraint("role IN ('owner', 'editor', 'commenter', 'viewer')", name="role"),
)

# The update log. A snapshot row is the root of a canvas's text; it is made before the canvas is listed (so that a
# listed canvas always has text), which is why it does not refer to `canvases`.
snapshots = Table(
    "snapshots",
    metadata,
    Column("canvas", _ID, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("at", Double, nullable=False),
    Column("sum", BigInteger, nullable=True),  # see `soundness`; empty: written before there were sums
)

updates = Table(
    "updates",
    metadata,
    Column("canvas", _ID, ForeignKey("snapshots.canvas", ondelete="CASCADE"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False),
    Column("author", String(200), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("sum", BigInteger, nullable=True),
    Column("note", String(200), nullable=True),  # said of it in the history: “restored to …”
)

# The history: what the snapshot covers, from an older state on. The first keyframe of a canvas is the base that its
# history begins from, the last one where its moments end (what comes after is played from there). A canvas that was
# never compacted has none: its snapshot is the base.
keyframes = Table(
    "keyframes",
    metadata,
    Column("canvas", _ID, ForeignKey("snapshots.canvas", ondelete="CASCADE"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("sum", BigInteger, nullable=True),
    Column("note", String(200), nullable=True),
)

# Updates that were put together: those from `first` to `seq`, by `authors` (JSON: ids, who wrote most first).
moments = Table(
    "moments",
    metadata,
    Column("canvas", _ID, ForeignKey("snapshots.canvas", ondelete="CASCADE"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("first", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("until", Double, nullable=False),
    Column("authors", Text, nullable=False),
    Column("note", String(200), nullable=True),
    Column("payload", LargeBinary, nullable=False),
    Column("sum", BigInteger, nullable=False),
    Column("changes", LargeBinary, nullable=True),  # what it did to texts and paths, packed; empty: not known yet
)

versions = Table(
    "versions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("canvas", _ID, ForeignKey("snapshots.canvas", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("by", Text, nullable=False),
)

client_bindings = Table(
    "client_bindings",
    metadata,
    Column("canvas", _ID, ForeignKey("snapshots.canvas", ondelete="CASCADE"), primary_key=True),
    Column("client", BigInteger, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),
)

layouts = Table(
    "layouts",
    metadata,
    _of("people.id", primary_key=True),
    _of("canvases.id", primary_key=True, index=True),
    Column("device", String(8), primary_key=True),
    Column("layout", Text, nullable=False),
    Column("at", Double, nullable=False),
)

seen_comments = Table(
    "seen_comments",
    metadata,
    _of("people.id", primary_key=True),
    _of("canvases.id", primary_key=True, index=True),
    Column("comment", _ID, primary_key=True),
    Column("at", Double, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", _ID, primary_key=True),
    _of("canvases.id"),
    Column("person", _ID, nullable=False),
    Column("action", String(40), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_at", Double, nullable=False),
    Column("ended_at", Double, nullable=True),
    Column("cost_usd", Double, nullable=True),  # empty: unknown
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("body", Text, nullable=False),  # the whole run as JSON; the columns above are for asking and adding up
    Index("ix_runs_canvas_started_at", "canvas", "started_at"),
    Index("ix_runs_state_started_at", "state", "started_at"),
)

# The rules of a canvas for the assistant; a canvas without a row has the rules of app.assistant.ports.Rules().
policies = Table(
    "policies",
    metadata,
    _of("canvases.id", primary_key=True),
    Column("privacy", String(8), nullable=False),
    Column("budget_usd", Double, nullable=True),  # a calendar month (UTC); empty: no budget
    Column("confirm_above_usd", Double, nullable=True),  # a run that costs more waits for a yes; empty: none does
    CheckConstraint("privacy IN ('any', 'open', 'local')", name="privacy"),
)

activity = Table(
    "activity",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    _of("canvases.id"),
    Column("at", Double, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Index("ix_activity_canvas_id", "canvas", "id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Double, nullable=False, index=True),
    Column("person", _ID, nullable=False),  # no keys: what was done stays known when people and canvases are gone
    Column("action", String(40), nullable=False),
    Column("canvas", _ID, nullable=True),
    Column("subject", String(200), nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)
