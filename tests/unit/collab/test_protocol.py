"""The frames, both ways."""

import pytest

from app.collab import protocol
from app.collab.lib0 import Malformed
from app.collab.protocol import Kind


@pytest.mark.parametrize("size", [0, 1, 60, 127, 128, 5_000])
def test_sync_frames_come_back(size: int) -> None:
    payload = bytes(size)
    assert protocol.decode(protocol.step1(payload)) == (Kind.STEP1, payload)
    assert protocol.decode(protocol.step2(payload)) == (Kind.STEP2, payload)
    assert protocol.decode(protocol.update(payload)) == (Kind.UPDATE, payload)
    assert protocol.decode(protocol.awareness(payload)) == (Kind.AWARENESS, payload)


def test_the_servers_own_frames_come_back() -> None:
    kind, payload = protocol.decode(protocol.ack(300))
    assert (kind, protocol.read_ack(payload)) == (Kind.ACK, 300)
    kind, payload = protocol.decode(protocol.denied("No: é."))
    assert (kind, protocol.read_denied(payload)) == (Kind.AUTH, "No: é.")
    kind, payload = protocol.decode(protocol.status({"read_only": None}))
    assert (kind, protocol.read_status(payload)) == (Kind.STATUS, {"read_only": None})
    assert protocol.decode(protocol.QUERY_AWARENESS) == (Kind.QUERY_AWARENESS, b"")


@pytest.mark.parametrize("frame", [b"", b"\x00", b"\x00\x03\x00", b"\x00\x02\x05ab", b"\x00\x02\x01ab", b"\x01\x09a"])
def test_s1_4_a_frame_that_is_not_well_formed_is_malformed(frame: bytes) -> None:
    with pytest.raises(Malformed):
        protocol.decode(frame)


@pytest.mark.parametrize("raw", [b"", b"\x01", b"\x02\x01\x01\x01\x02", b"\x01\x01\x01\x01", b"\xff\xff\xff\x7f"])
def test_s1_4_a_state_vector_is_read_through(raw: bytes) -> None:
    protocol.check_state_vector(b"\x01\x05\x07")
    with pytest.raises(Malformed):
        protocol.check_state_vector(raw)


@pytest.mark.parametrize("raw", [b"\x01{", b"\x02[]", b"\x01\xff"])
def test_a_status_that_is_not_an_object_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        protocol.read_status(raw)
    with pytest.raises(Malformed):
        protocol.read_denied(b"\x05\x00")
