"""A proxy that passes on what is below a prefix, as nginx does with `proxy_pass`."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

DROPPED = {"connection", "transfer-encoding", "keep-alive"}


@contextmanager
def behind(url: str, prefix: str) -> Iterator[str]:
    """The address of a server behind a prefix, and of nothing else."""
    target = urlsplit(url)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if not self.path.startswith(prefix):
                self.send_error(404)
                return
            length = int(self.headers.get("content-length", 0))
            connection = http.client.HTTPConnection(target.hostname or "", target.port)
            path = self.path.removeprefix(prefix) or "/"
            connection.request(self.command, path, self.rfile.read(length), dict(self.headers))
            response = connection.getresponse()
            body = response.read()
            self.send_response(response.status)
            for name, value in response.getheaders():
                if name.lower() not in DROPPED | {"content-length"}:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{prefix}"
    finally:
        server.shutdown()
        server.server_close()
