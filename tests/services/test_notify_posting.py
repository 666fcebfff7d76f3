"""One HTTP request: bounded, not led astray, and honest about what it does not know."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from services.notify.channels import posting
from services.notify.channels.channel import SendRefused, ServerAway
from services.notify.channels.posting import Asked, Guard, Unclear, is_public
from tests.services.notify_http_servers import Answer, Server, serving
from tests.services.notify_mail_servers import nobody, silent_server

STRICT = Guard(private=False)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Answer(body="taken")) as server:
        yield server


def get(url: str, *, seconds: float = 20, guard: Guard = posting.ANYWHERE) -> posting.Answered:
    return posting.ask(Asked(method="GET", url=url), seconds=seconds, guard=guard)


def test_a_request_goes_out_whole_and_the_answer_comes_back(server: Server) -> None:
    asked = Asked(
        method="POST", url=f"{server.url}/a?b=1", headers={"X-Key": "k"}, body="正文".encode()
    )
    answer = posting.ask(asked, seconds=20)
    (heard,) = server.asked

    assert (answer.status, answer.text) == (200, "taken")
    assert (heard.method, heard.path, heard.body) == ("POST", "/a?b=1", "正文")
    assert heard.headers["x-key"] == "k"


def test_a_redirect_is_an_answer_and_is_not_followed(server: Server) -> None:
    with serving(Answer(status=302, headers={"Location": server.url})) as leading:
        answer = get(leading.url)

    assert answer.status == 302
    assert server.asked == []
    with pytest.raises(SendRefused, match="302"):
        posting.judged(answer)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_or_broken_may_be_asked_again(status: int) -> None:
    with pytest.raises(ServerAway, match=str(status)):
        posting.judged(posting.Answered(status=status, text=""))


def test_nobody_there_is_certainly_nothing_taken() -> None:
    with nobody() as url, pytest.raises(ServerAway, match="Connection refused"):
        get(url.replace("smtp://", "http://"))


def test_a_name_that_does_not_exist_is_certainly_nothing_taken() -> None:
    with pytest.raises(ServerAway, match=r"nowhere\.invalid"):
        get("http://nowhere.invalid/")


def test_an_answer_that_is_cut_leaves_it_unclear() -> None:
    with (
        serving(Answer(body='{"code": 0', cut=True)) as server,
        pytest.raises(Unclear, match="IncompleteRead"),
    ):
        get(server.url)


def test_a_server_that_hangs_leaves_it_unclear() -> None:
    with (
        serving(Answer(hangs=True)) as server,
        pytest.raises(Unclear, match="no whole answer in time"),
    ):
        get(server.url, seconds=0.3)


def test_a_server_that_answers_bit_by_bit_for_ever_is_cut_off() -> None:
    with (
        silent_server(b"HTTP/1.1 200 OK\r\nX: y\r\n", every=0.05) as url,
        pytest.raises(Unclear),
    ):
        get(url.replace("smtp://", "http://"), seconds=0.4)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.2.1", "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1"),
        *("::ffff:127.0.0.1", "2002:7f00:1::", "ff02::1"),
    ],
)
def test_addresses_of_private_networks_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["114.114.114.114", "2400:3200::1"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


def test_a_private_address_is_refused_before_anything_is_sent(server: Server) -> None:
    with pytest.raises(SendRefused, match=r"inside a private network.*webhooks\.private"):
        get(server.url, guard=STRICT)

    assert server.asked == []


def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to(
    monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    port = int(server.url.rpartition(":")[2])
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port))
        for address in ("114.114.114.114", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(SendRefused, match=r"127\.0\.0\.1"):
        get(f"http://hooks.example:{port}/", guard=STRICT)


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    port = int(server.url.rpartition(":")[2])
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def once(host: str, *rest: object, **options: object) -> object:
        looked_up.append(host)
        return real("127.0.0.1" if host == "hooks.example" else host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", once)
    answer = get(f"http://hooks.example:{port}/")

    assert answer.status == 200
    assert looked_up.count("hooks.example") == 1
    assert server.asked[0].headers["host"] == f"hooks.example:{port}"


def test_a_name_server_that_does_not_answer_costs_no_more_than_the_time_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [slept.wait(20)][1:])
    begun = time.monotonic()

    with pytest.raises(ServerAway, match="not found in time"):
        posting.ask(Asked(method="POST", url="https://hooks.example/"), seconds=0.3)

    slept.set()
    assert time.monotonic() - begun < 5


LOOKS_UP = """
import socket, time

sleep, real = time.sleep, socket.getaddrinfo


def slow(*asked, **more):
    sleep(1.5)
    return real("127.0.0.1", *asked[1:], **more)


socket.getaddrinfo = slow

import services.chassis.bus.greened
import eventlet
from services.notify.channels import posting

gaps = [time.monotonic()]


def tick():
    while True:
        eventlet.sleep(0.01)
        gaps.append(time.monotonic())


eventlet.spawn(tick)
try:
    posting.ask(posting.Asked(method="POST", url="http://hooks.example:1/"), seconds=5)
except posting.ServerAway as error:
    print(error)
print(max(b - a for a, b in zip(gaps, gaps[1:])))
print(len(gaps))
"""


def test_looking_up_a_name_lets_the_hearing_process_go_on() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOOKS_UP],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    refused, gap, ticks = ran.stdout.strip().splitlines()[-3:]

    assert "hooks.example" in refused
    assert float(gap) < 1.0
    assert int(ticks) > 20
