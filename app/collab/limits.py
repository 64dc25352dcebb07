"""Every bound of the co-editing socket, with its reason. A bench or a test passes its own; the app uses these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of sessions and rooms. Sizes are bytes, times seconds."""

    updates_per_second: float = 30.0  # a fast typist makes 15 keystrokes a second, a held key about 30
    burst: int = 300  # what pasting, undoing a long run or replaying a queue makes at once
    throttled_for: float = 10.0  # over the rate, a socket is read more slowly; after so long without a pause, closed
    awareness_per_second: float = 60.0  # a pointer at a screen's rate; more is not visible
    outbox: int = 4 << 20  # a reader that has not taken this much is not reading
    sessions_per_room: int = 500  # ten times the largest team, so that a class or a demonstration fits
    document: int = 64 << 20  # bytes of one canvas with all that it remembers, before more is refused: four full ones
    unsaved: int = 8 << 20  # kept in memory while the store cannot write; beyond it sockets are closed to keep theirs
    append_every: float = 0.020  # typing gathers so long: a commit costs as much as relaying an edit to fifty readers
    compact_updates: int = 1_000  # replaying so many takes a few milliseconds when a room is loaded
    compact_bytes: int = 1 << 20
    compact_every: float = 30.0  # what is live is held against the log before: 0.4 s of a core at the worst
    compare_every: float = 300.0  # live text against the log while people type; before each snapshot it is done anyway
    idle: float = 60.0  # a reload or a short loss of network finds its room still in memory
    retry_first: float = 0.25  # a locked database answers soon, a full disk does not: double up to the last
    retry_last: float = 5.0
    answer_wait: float = 0.5  # how long a step 2 waits for what is held; a commit takes milliseconds
    put_off: float = 1.0  # how long until a step 2 with structs whose owner has not come back is asked for again
    put_off_times: int = 30  # after a restart everybody is back within seconds
    resyncs: int = 5  # a conforming client needs one; more in a row is a client that cannot agree
    relay_wait: float = 0.010  # the longest that an update waits to be merged while the room is behind
    awareness_every: float = 0.016  # carets of a room gather so long after they last left: a screen draws none sooner
    silent: float = 45.0  # a socket from which nothing came, not even a pong, is dead: the web's ping uses it
    close: float = 2.0  # how long a closing handshake may take before the socket is forgotten


MAX_AWARENESS = 4_096  # bytes of one client's state: a caret, a file and a name take 300
MAX_AWARENESS_FRAME = 512 * 1_024  # a stock provider echoes everybody's state back in one message
