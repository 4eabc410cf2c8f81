"""What is counted of a server while it runs, as Prometheus reads it: names and units as in its
guidelines (https://prometheus.io/docs/practices/naming)."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
SIZES = tuple(4**power for power in range(9))
"""Up to 65,536 tokens, which is twice the largest turn."""


class Metrics:
    """The counters of one server, in a registry of its own. They are for the event loop alone.

    Labels are routes as they are declared, statuses and reasons: never what a client writes, which
    would each be a series of its own.
    """

    def __init__(self) -> None:
        # A line more of each counter, which few read.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "rnnbuild_requests", "Requests answered.", ("route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "rnnbuild_request_duration_seconds",
            "Seconds from a request to the end of its answer.",
            ("route",),
            buckets=SECONDS,
            registry=registry,
        )
        self._tokens = Counter(
            "rnnbuild_computed_tokens", "Tokens, or steps, that were computed.", registry=registry
        )
        self._turn_tokens = Histogram(
            "rnnbuild_turn_tokens", "Tokens of a turn.", buckets=SIZES, registry=registry
        )
        self._turn_parts = Histogram(
            "rnnbuild_turn_parts",
            "Requests, and parts of long ones, that a turn computed together.",
            buckets=SIZES[:6],
            registry=registry,
        )
        self._refused = Counter(
            "rnnbuild_refused",
            "Requests and parts that the model had no room or no time for.",
            ("reason",),
            registry=registry,
        )
        self._dropped = Counter(
            "rnnbuild_dropped",
            "Parts of requests that were not computed because their client had gone.",
            registry=registry,
        )
        self.waiting = Gauge(
            "rnnbuild_waiting_tokens", "Tokens that wait for the model.", registry=registry
        )
        self.streams = Gauge("rnnbuild_open_streams", "WebSockets open now.", registry=registry)

    def request(self, route: str, status: int, seconds: float | None) -> None:
        """Counts an answer; of a WebSocket there are no seconds."""
        self._requests.labels(route, str(status)).inc()
        if seconds is not None:
            self._seconds.labels(route).observe(seconds)

    def computed(self, parts: int, tokens: int) -> None:
        """Counts a turn."""
        self._tokens.inc(tokens)
        self._turn_tokens.observe(tokens)
        self._turn_parts.observe(parts)

    def refused(self, reason: str) -> None:
        """Counts what the model had no room or no time for."""
        self._refused.labels(reason).inc()

    def dropped(self, parts: int) -> None:
        """Counts what nobody waited for any more."""
        self._dropped.inc(parts)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)
