"""Figures for Prometheus: what came in, what waits, how long pages took. No figure tells of a person."""

import time
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST as KIND
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from kuulo.desk.health import figures, messages_by_channel

__all__ = ["KIND", "REQUESTS", "exposition"]

REGISTRY = CollectorRegistry()
REQUESTS = Histogram(
    "kuulo_request_seconds",
    "Seconds that requests took, by the name of the page",
    ("view",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
# counting every message walks through an index of all: at most once in this many seconds
COUNTED_FOR = 60.0


class Desk:
    """Asks the database when Prometheus asks."""

    def __init__(self) -> None:
        self.counted: dict[str, int] = {}
        self.counted_at = -COUNTED_FOR

    def collect(self) -> Iterator[Metric]:
        """Give the gauges."""
        now = figures()
        yield GaugeMetricFamily("kuulo_messages_waiting", "Messages that wait for the worker", now.waiting)
        oldest = "Seconds that the oldest of them has waited"
        yield GaugeMetricFamily("kuulo_oldest_message_waiting_seconds", oldest, now.oldest_waiting)
        if now.worker_age is not None:
            yield GaugeMetricFamily("kuulo_worker_silence_seconds", "Since the worker's last beat", now.worker_age)
        yield _by("kuulo_intakes", "Files on their way in", "state", {"queued": 0, "running": 0} | now.intakes)
        yield _by("kuulo_messages", "Messages, by the channel that they came by", "channel", self._messages())

    def _messages(self) -> dict[str, int]:
        if time.monotonic() - self.counted_at >= COUNTED_FOR:
            self.counted, self.counted_at = messages_by_channel(), time.monotonic()
        return self.counted


def _by(name: str, told: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=(label,))
    for key, n in sorted(values.items()):
        family.add_metric((key,), n)
    return family


REGISTRY.register(Desk())


def exposition() -> bytes:
    """Give all figures in Prometheus's text form."""
    return generate_latest(REGISTRY)
