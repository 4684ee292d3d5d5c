"""The numbers that Prometheus collects: those of the record, and those that this process keeps in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flaskapp.live.hub import Hub
from flaskapp.live.link import Link
from flaskapp.live.meter import LATENCIES
from flaskapp.models import Delivery, Lease, MediaRequest
from flaskapp.signals import Signals


class RecordNumbers(Collector):
    """Counts rows, the same whichever process is asked."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def collect(self) -> Iterator[Metric]:
        """Count requests and kept webhooks."""
        requests = GaugeMetricFamily("arrivarr_requests", "Requests on the board by state.", labels=["state"])
        counted = select(MediaRequest.state, func.count()).where(MediaRequest.deleted_at.is_(None))
        for state, count in self._session.execute(counted.group_by(MediaRequest.state)):
            requests.add_metric([state], count)
        yield requests
        kept = GaugeMetricFamily("arrivarr_webhooks", "Kept webhooks by outcome.", labels=["source", "outcome"])
        query = select(Delivery.source, Delivery.outcome, func.count()).group_by(Delivery.source, Delivery.outcome)
        for source, outcome, count in self._session.execute(query):
            kept.add_metric([source, outcome or "open"], count)
        yield kept


class StreamNumbers(Collector):
    """What the hub of this process has counted since it began; ``process`` tells several of them apart."""

    def __init__(self, hub: Hub, process: str) -> None:
        self._hub, self._process = hub, process

    def collect(self) -> Iterator[Metric]:
        """Give streams, their queues, what was written to them and how soon."""
        yield from self._queues()
        meter = self._hub.meter
        yield self._by("arrivarr_streams_opened", "Streams opened, by how they began.", "mode", meter.connects)
        yield self._by("arrivarr_streams_closed", "Streams ended.", "reason", meter.closes)
        yield self._by("arrivarr_streams_refused", "Streams not opened.", "reason", meter.refused)
        yield self._by("arrivarr_stream_resyncs", "Times boards were told to load anew.", "reason", meter.resyncs)
        yield self._counter("arrivarr_stream_events", "Events published.", meter.events)
        yield self._counter("arrivarr_stream_coalesced", "Older progress that newer replaced.", meter.coalesced)
        yield self._counter("arrivarr_stream_deliveries", "Events written, to all streams together.", meter.deliveries)
        yield self._counter("arrivarr_stream_bytes", "Bytes of events written.", meter.size)
        yield self._counter("arrivarr_stream_replayed", "Events given to who had been away.", meter.replayed)
        yield self._latency()

    def _queues(self) -> Iterator[Metric]:
        depths = list(self._hub.depths())
        yield self._gauge("arrivarr_streams", "Open event streams.", len(depths))
        yield self._gauge("arrivarr_streams_waiting", "Streams with events that wait.", sum(map(bool, depths)))
        yield self._gauge("arrivarr_stream_queue_frames", "Events that wait, of all streams.", sum(depths))
        yield self._gauge(
            "arrivarr_stream_queue_frames_max", "Events that wait for one stream.", max(depths, default=0)
        )

    def _latency(self) -> Metric:
        meter, total = self._hub.meter, 0
        buckets = []
        for bound, count in zip([*map(str, LATENCIES), "+Inf"], meter.latency, strict=True):
            total += count
            buckets.append((bound, total))
        what = "From publishing an event to writing it to a stream."
        family = HistogramMetricFamily("arrivarr_stream_latency_seconds", what, labels=["process"])
        family.add_metric([self._process], buckets, meter.latency_sum)
        return family

    def _gauge(self, name: str, what: str, value: float) -> Metric:
        family = GaugeMetricFamily(name, what, labels=["process"])
        family.add_metric([self._process], value)
        return family

    def _counter(self, name: str, what: str, value: float) -> Metric:
        family = CounterMetricFamily(name, what, labels=["process"])
        family.add_metric([self._process], value)
        return family

    def _by(self, name: str, what: str, label: str, counts: Mapping[str, int]) -> Metric:
        family = CounterMetricFamily(name, what, labels=["process", label])
        for word, count in counts.items():
            family.add_metric([self._process, word], count)
        return family


class LoopNumbers(Collector):
    """How the background work of this process fares."""

    def __init__(self, signals: Signals, process: str, now: datetime) -> None:
        self._signals, self._process, self._now = signals, process, now

    def collect(self) -> Iterator[Metric]:
        """Give durations and ages of loops, and the ages of the last good answers."""
        steps = SummaryMetricFamily("arrivarr_loop_step_seconds", "Steps of a loop.", labels=["process", "loop"])
        failures = CounterMetricFamily("arrivarr_loop_failures", "Steps that failed.", labels=["process", "loop"])
        for loop, turns in self._signals.turns.items():
            steps.add_metric([self._process, loop], turns.count, turns.seconds)
            failures.add_metric([self._process, loop], turns.failed)
        yield steps
        yield failures
        yield self._ages("arrivarr_loop_age_seconds", "Since its last step.", "loop", self._signals.ticks.items())
        contacts = ((name, contact.last_contact_at) for name, contact in self._signals.contacts.items())
        yield self._ages("arrivarr_contact_age_seconds", "Since the last good answer.", "upstream", contacts)

    def _ages(self, name: str, what: str, label: str, times: Iterable[tuple[str, datetime | None]]) -> Metric:
        family = GaugeMetricFamily(name, what, labels=["process", label])
        for word, at in times:
            if at is not None:
                family.add_metric([self._process, word], (self._now - at).total_seconds())
        return family


class LinkNumbers(Collector):
    """How this process is connected to Redis; nothing where it is not meant to be."""

    def __init__(self, links: Mapping[str, Link], process: str) -> None:
        self._links, self._process = links, process

    def collect(self) -> Iterator[Metric]:
        """Give the connection over which it tells others, and the one over which it hears them."""
        labels = ["process", "link"]
        up = GaugeMetricFamily("arrivarr_redis_up", "Whether the connection is there.", labels=labels)
        returns = CounterMetricFamily("arrivarr_redis_reconnects", "Times it was there again.", labels=labels)
        messages = CounterMetricFamily("arrivarr_redis_messages", "Messages told and heard.", labels=labels)
        frames = CounterMetricFamily("arrivarr_redis_frames", "Events in these messages.", labels=labels)
        for name, link in self._links.items():
            up.add_metric([self._process, name], bool(link.is_up))
            returns.add_metric([self._process, name], link.returns)
            messages.add_metric([self._process, name], link.messages)
            frames.add_metric([self._process, name], link.frames)
        yield from (up, returns, messages, frames)


class LeaseNumbers(Collector):
    """Who asks the services; nothing where no other process could (``is_asking`` is None)."""

    def __init__(self, session: Session, process: str, *, is_asking: bool | None) -> None:
        self._session, self._process, self._is_asking = session, process, is_asking

    def collect(self) -> Iterator[Metric]:
        """Tell whether this process holds the lease, and which term of it runs."""
        held = GaugeMetricFamily("arrivarr_lease_held", "Whether this process asks the services.", labels=["process"])
        term = GaugeMetricFamily("arrivarr_lease_term", "How often the lease was won.", labels=[])
        if self._is_asking is not None:
            held.add_metric([self._process], self._is_asking)
            term.add_metric([], self._session.scalar(select(Lease.term)) or 0)
        yield from (held, term)
