"""The webhook door through the real web server: what HTTP allows and what goes wrong on it."""

import json
import select
import socket
from collections.abc import Iterator
from contextlib import closing
from time import sleep

import pytest

from notifier.models import Delivery, DeliveryBody, Source
from portal.door import IDLE_SECONDS, is_unfinished, is_whole_webhook
from tests.notifier.factories import github_headers, make_source
from tests.server import Server, running

pytestmark = pytest.mark.django_db(transaction=True)

BODY = b'{"zen": "Keep it logically awesome."}'


@pytest.fixture(scope="module")
def process(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    # One thread: whoever keeps it is noticed.
    one = {"LEITSTAND_WEB_PROCESSES": "1", "LEITSTAND_WEB_THREADS": "1"}
    with running(tmp_path_factory.mktemp("server"), **one) as server:
        yield server


@pytest.fixture
def server(process: Server) -> Server:
    make_source()
    # The server remembers a source for a moment: in each test it is the same one.
    Source.objects.update(id=1)
    return process


def head(*, length: int | None, path: str = "/hooks/octo", body: bytes = BODY) -> bytes:
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", size]
    lines += [f"{name}: {value}" for name, value in github_headers(body).items()]
    return "\r\n".join([*lines, "", ""]).encode()


def whole(body: bytes = BODY, *, path: str = "/hooks/octo") -> bytes:
    return head(length=len(body), path=path, body=body) + body


def raw(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def answers(client: socket.socket, count: int) -> list[int]:
    """Return the status of the next `count` answers on a connection; 0 stands for its end."""
    statuses: list[int] = []
    with client.makefile("rb") as stream:
        while len(statuses) < count:
            line = stream.readline()
            if not line:
                return [*statuses, 0]
            statuses.append(int(line.split()[1]))
            length = 0
            while (field := stream.readline().strip().lower()) != b"":
                if field.startswith(b"content-length:"):
                    length = int(field.split()[1])
            stream.read(length)
    return statuses


def exchange(server: Server, data: bytes, count: int = 1) -> list[int]:
    with raw(server) as client:
        client.sendall(data)
        return answers(client, count)


def bodies() -> list[bytes]:
    return [bytes(row.content) for row in DeliveryBody.objects.all()]


def is_answering(server: Server) -> bool:
    return exchange(server, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") == [200]


def test_it_says_202_and_stores_the_body(server: Server) -> None:
    assert (exchange(server, whole()), bodies()) == ([202], [BODY])


def test_errors_are_problems(server: Server) -> None:
    connection = server.connect()
    connection.request("POST", "/hooks/octo", BODY, github_headers(BODY, secret="wrong"))
    answer = connection.getresponse()
    problem = json.load(answer)
    connection.close()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status, problem["status"], problem["title"]) == (401, 401, "Unauthorized")


@pytest.mark.parametrize("path", ["/hooks/", "/hooks/nobody", "/hooks/a/b", "/hooks/%00"])
def test_an_address_that_is_none_is_404(server: Server, path: str) -> None:
    assert exchange(server, whole(path=path)) == [404]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
def test_other_methods_are_405(server: Server, method: str) -> None:
    connection = server.connect()
    connection.request(method, "/hooks/octo")
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    assert (answer.status, answer.headers["Allow"], bool(text)) == (405, "POST", method != "HEAD")


def test_a_chunked_body_is_stored_whole(server: Server) -> None:
    data = head(length=None) + b"5\r\n" + BODY[:5] + b"\r\n"
    data += f"{len(BODY) - 5:x}\r\n".encode() + BODY[5:] + b"\r\n0\r\n\r\n"
    assert (exchange(server, data), bodies()) == ([202], [BODY])


def test_a_large_body_is_stored_whole(server: Server) -> None:
    body = json.dumps({"padding": "x" * 300_000}).encode()
    assert (exchange(server, whole(body)), bodies()) == ([202], [body])


def test_a_body_in_pieces_is_stored_whole(server: Server) -> None:
    with raw(server) as client:
        for piece in (head(length=len(BODY)), BODY[:7], BODY[7:]):
            client.sendall(piece)
            sleep(0.1)
        assert (answers(client, 1), bodies()) == ([202], [BODY])


def test_requests_sent_without_waiting_are_all_answered(server: Server) -> None:
    assert exchange(server, whole() + whole() + whole(), 3) == [202, 202, 202]
    assert len(bodies()) == 3


def test_a_connection_is_used_again(server: Server) -> None:
    with raw(server) as client:
        for _ in range(3):
            client.sendall(whole())
            assert answers(client, 1) == [202]


def test_a_body_that_nobody_read_does_not_become_the_next_request(server: Server) -> None:
    with raw(server) as client:
        for path, status in (("/hooks/a.b", 404), ("/hooks/octo", 202), ("/hooks/a.b", 404)):
            client.sendall(whole(path=path))
            assert answers(client, 1) == [status]


def test_a_connection_may_ask_for_pages_in_between(server: Server) -> None:
    page = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with raw(server) as client:
        for data, status in ((whole(), 202), (page, 200), (whole(), 202), (page, 200)):
            client.sendall(data)
            assert answers(client, 1) == [status]


def test_an_idle_connection_goes_back_and_still_works(server: Server) -> None:
    with raw(server) as client:
        client.sendall(whole())
        assert answers(client, 1) == [202]
        sleep(IDLE_SECONDS + 2)
        client.sendall(whole())
        assert answers(client, 1) == [202]


def test_the_server_says_continue_when_asked(server: Server) -> None:
    data = whole().replace(b"Host:", b"Expect: 100-continue\r\nHost:")
    assert exchange(server, data, 2) == [100, 202]


def test_a_client_that_wants_to_close_is_let_go(server: Server) -> None:
    data = whole().replace(b"Host:", b"Connection: close\r\nHost:")
    assert exchange(server, data, 2) == [202, 0]


def test_a_broken_request_is_400_and_harms_nobody(server: Server) -> None:
    data = whole().replace(b"Host:", b"Bad Header: x\r\nHost:")
    assert (exchange(server, data), is_answering(server)) == ([400], True)


def test_a_client_that_goes_away_leaves_no_row(server: Server) -> None:
    with raw(server) as client:
        client.sendall(head(length=len(BODY)) + BODY[:9])
    assert is_answering(server)
    assert not Delivery.objects.exists()


def test_a_body_that_ends_early_is_400_and_leaves_no_row(server: Server) -> None:
    with raw(server) as client:
        client.sendall(head(length=len(BODY)) + BODY[:9])
        client.shutdown(socket.SHUT_WR)
        assert answers(client, 1) == [400]
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("start", [head(length=99), head(length=None) + b"20\r\n"])
def test_a_body_that_stalls_is_given_up(server: Server, start: bytes) -> None:
    with raw(server) as client:
        client.sendall(start + BODY[:9])
        assert answers(client, 2) == [408, 0]
    assert is_answering(server)
    assert not Delivery.objects.exists()


def test_silent_connections_keep_no_thread(server: Server) -> None:
    silent = [raw(server) for _ in range(20)]
    assert is_answering(server)
    for client in silent:
        client.close()


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nX-Slow: ", head(length=99) + b"{"])
def test_slow_requests_keep_no_page_waiting(server: Server, start: bytes) -> None:
    slow = [raw(server) for _ in range(3)]
    for client in slow:
        client.sendall(start)
    with closing(server.connect()) as page:
        page.request("GET", "/healthz")
        assert page.getresponse().status == 200
    # None of them was given up before: they were still sending.
    assert not select.select(slow, [], [], 0)[0]
    for client in slow:
        client.close()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (whole(), False),
        (whole()[:-1], True),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", True),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n", True),
        (b"", False),
    ],
)
def test_it_knows_what_is_still_to_come(data: bytes, expected: bool) -> None:
    assert is_unfinished(data) is expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (whole(), True),
        (whole()[:-1], False),
        (whole() + b"P", False),
        (head(length=None) + b"0\r\n\r\n", False),
        (whole(path="/hooksy/octo"), False),
        (b"POST /hooks/octo HTTP/1.1\r\n", False),
        (b"POST /hooks/octo HTTP/1.1\r\nHost: a\r\n\r\ncontent-length: 0\r\n", False),
        (b"", False),
    ],
)
def test_only_a_whole_webhook_counts_as_one(data: bytes, expected: bool) -> None:
    assert is_whole_webhook(data) is expected
