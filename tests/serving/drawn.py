"""A server of a model that draws its answers, run as a program: NAME of `models.CODECS`.

Everything but the model is that of `rnnbuild serve`; it starts without one being trained.
"""

import sys

from rnnbuild.serving.access import Access
from rnnbuild.serving.access_log import AccessLog, report_libraries
from rnnbuild.serving.address import take_address
from rnnbuild.serving.app import app_of
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.log_writer import LogWriter
from rnnbuild.serving.server import End, serve_app
from tests.serving.models import CODECS, served

if __name__ == "__main__":
    address = take_address("127.0.0.1", 0)
    log = AccessLog(LogWriter(sys.stderr))
    report_libraries(log, tracebacks=True)
    serve_app(
        app_of(served(CODECS[sys.argv[1]]()), Limits()),
        address,
        Access(hosts=()),
        Limits(),
        End(drain=0, grace=5),
        log,
        lambda: print(f"serving at {address}; Ctrl-C stops", file=sys.stderr, flush=True),
    )
