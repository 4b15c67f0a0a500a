"""A real HTTP server that plays SNS: it refuses, hangs, hangs up and answers errors."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import pytest

ERROR = """<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>
<RequestId>r-1</RequestId></ErrorResponse>"""


class VendorServer:
    """What SNS says next, and what it was told."""

    def __init__(self) -> None:
        self.released = Event()
        self.forget()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def forget(self) -> None:
        self.requests: list[dict[str, list[str]]] = []
        self.connections = 0
        self.status, self.body = 200, b""
        self.hangs_up = False
        self.released.set()

    def answers(self, body: str, status: int = 200) -> None:
        self.status, self.body = status, body.encode()

    def fails(self, code: str, *, status: int = 400, message: str = "no") -> None:
        self.answers(ERROR.format(code=escape(code), message=escape(message)), status)

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                vendor.connections += 1

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                vendor.requests.append(parse_qs(body.decode()))
                vendor.released.wait(30)
                if vendor.hangs_up:
                    self.close_connection = True
                    return
                self.send_response(vendor.status)
                self.send_header("Content-Length", str(len(vendor.body)))
                if self.close_connection:
                    self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(vendor.body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give boto3 a region and credentials of nobody, and nothing from this machine."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_SNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def vendor_server() -> Iterator[VendorServer]:
    server = VendorServer()
    yield server
    server.close()


@pytest.fixture
def vendor(
    aws: None, vendor_server: VendorServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[VendorServer]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", vendor_server.url)
    vendor_server.forget()
    yield vendor_server
    vendor_server.released.set()
