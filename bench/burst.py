"""Send a number of signed deliveries as fast as 16 keep-alive connections can."""

import http.client
import json
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 16


def main() -> None:
    url, body_path, signature, size = sys.argv[1:5]
    body = Path(body_path).read_bytes()
    address = urlsplit(url)
    accepted, errors = [0] * CONNECTIONS, [0] * CONNECTIONS
    run = f"{time.time_ns():x}"

    def send(number: int) -> None:
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        for index in range(number, int(size), CONNECTIONS):
            headers = {
                "Content-Type": "application/json",
                "X-GitHub-Event": "push",
                "X-GitHub-Delivery": f"{run}-{index}",
                "X-Hub-Signature-256": signature,
            }
            connection.request("POST", address.path, body, headers)
            answer = connection.getresponse()
            answer.read()
            accepted[number] += answer.status == 202
            errors[number] += answer.status != 202

    started = time.monotonic()
    threads = [threading.Thread(target=send, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - started
    print(json.dumps({"accepted": sum(accepted), "errors": sum(errors), "seconds": seconds}))


if __name__ == "__main__":
    main()
