import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, Device, DeviceKind, Offer, Page, Paper, Preview, ScanJob
from scanner import protocol
from scanner.backends import BACKENDS

JOB = ScanJob("sane:test:0")
PAGE = Page(
    "p1",
    Path("/w/a.jpg"),
    Path("/w/b.png"),
    Path("/w/c.jpg"),
    Path("/w/d.jpg"),
    210.0,
    297.0,
    ((0, 0), (1, 0), (1, 1), (0, 1)),
    0.9,
    1.5,
    90,
    ColourMode.GREY,
    ("blurred",),
    {"find": 3.5},
)
REQUESTS = [
    protocol.ProbeRequest(1),
    protocol.DevicesRequest(2),
    protocol.ScanRequest(3, JOB),
    protocol.CleanRequest(4, "p1", "p1-raw.jpg", PAGE.corners, 270, ColourMode.AUTO),
    protocol.PaperRequest(5, "giay-1", "Đơn", (protocol.Leaf("b.png", 210, 297, ColourMode.GREY),), 6_000),
    protocol.CancelRequest(6),
    protocol.PressRequest(3),
    protocol.LookRequest(7, "usb:"),
]
REPLIES = [
    protocol.ProbesReply(1, ()),
    protocol.DevicesReply(2, (Device("sane:x", DeviceKind.SCANNER, "x"),)),
    protocol.ProgressReply(3, 0.5),
    protocol.PageReply(3, PAGE),
    protocol.DoneReply(3, 1),
    protocol.PaperReply(5, Paper("giay-1", "Đơn", Path("/w/x.pdf"), 1, 1000, Path("/w/y.jpg"))),
    protocol.ErrorReply(3, "SCAN-JAM", {"limit": 5}),
    protocol.PreviewReply(3, Preview(Path("/w/live-0.jpg"), "still", "http://10.0.0.5/x", 2)),
    protocol.OffersReply(7, (Offer("f1", Path("/w/offer-1.jpg"), 3),)),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each.do)
def test_a_request_arrives_as_it_was_sent(request_: protocol.Request) -> None:
    line = protocol.encode(request_)
    assert line.count(b"\n") == 1
    assert protocol.read_request(line) == request_


@pytest.mark.parametrize("reply", REPLIES, ids=lambda each: each.say)
def test_a_reply_arrives_as_it_was_sent(reply: protocol.Reply) -> None:
    assert protocol.read_reply(protocol.encode(reply)) == reply


@given(st.binary(max_size=400))
def test_any_bytes_are_a_message_or_a_kiosk_error(line: bytes) -> None:
    for read in (protocol.read_request, protocol.read_reply):
        with pytest.raises(KioskError):
            read(line)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(REQUESTS + REPLIES), st.data())
def test_a_message_with_any_value_put_in_is_read_or_refused(
    message: protocol.Request | protocol.Reply, data: st.DataObject
) -> None:
    table = json.loads(protocol.encode(message))
    where = data.draw(st.sampled_from(sorted(table)))
    if isinstance(table[where], dict) and data.draw(st.booleans()):
        table, where = table[where], data.draw(st.sampled_from(sorted(table[where]) or ["x"]))
    table[where] = data.draw(JSON)
    line = json.dumps(table).encode()
    for read in (protocol.read_request, protocol.read_reply):
        try:
            read(line)
        except KioskError as error:
            assert error.code in {"SCAN-JOB-INVALID", "SCAN-CRASH"}


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 200_000,
        b"9" * 10_000,
        b'{"id":1e999,"do":"cancel"}',
        b'{"id":NaN,"do":"cancel"}',
        b'{"id":1,"do":"cancel","extra":1}',
        b'{"id":1,"do":"cancel"}' + b" " * protocol.MAX_LINE,
        b'{"id":-1,"do":"devices"}',
        b'{"id":1,"do":"clean","page_id":"../x","raw":"a","corners":null,"turn_degrees":0,"tone":"auto"}',
        b'{"id":1,"do":"clean","page_id":"x","raw":"../a","corners":null,"turn_degrees":0,"tone":"auto"}',
        b'{"id":1,"do":"clean","page_id":"x","raw":"a","corners":null,"turn_degrees":45,"tone":"auto"}',
    ],
)
def test_hostile_requests_are_refused(line: bytes) -> None:
    with pytest.raises(KioskError) as caught:
        protocol.read_request(line)
    assert caught.value.code == "SCAN-JOB-INVALID"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dpi", 74),
        ("dpi", 601),
        ("source", "Twain:x"),
        ("source", "sane"),
        ("source", "sane:a\nb"),
        ("source", ""),
        ("page_size", "A0"),
        ("mode", "sepia"),
        ("tone", "sepia"),
        ("duplex", True),
    ],
)
def test_a_wrong_job_names_its_field_and_not_its_value(field: str, value: object) -> None:
    job = dataclasses.replace(JOB, **{field: value})
    with pytest.raises(KioskError) as caught:
        protocol.check_job(job)
    assert caught.value.code == "SCAN-JOB-INVALID"
    assert caught.value.facts == {"field": field}


@pytest.mark.parametrize("dpi", [75, 300, 600])
def test_the_limits_themselves_are_allowed(dpi: int) -> None:
    protocol.check_job(ScanJob("sane:x", dpi=dpi, feeder=True, duplex=True, page_size="ID-1"))


def test_a_job_may_name_every_driver_there_is() -> None:
    for name in BACKENDS:
        protocol.check_job(ScanJob(f"{name}:x"))


def test_an_unknown_error_code_from_the_child_is_a_crash() -> None:
    with pytest.raises(KioskError) as caught:
        protocol.read_reply(b'{"id":1,"say":"error","code":"HELLO","facts":{}}')
    assert caught.value.code == "SCAN-CRASH"
