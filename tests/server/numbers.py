"""The numbers of a server, read as Prometheus does."""

from __future__ import annotations

import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.server.process import Server


def count_of(server: Server, name: str) -> float:
    """Read one number, over all its labels together."""
    return count_in(requests.get(f"{server.url}/metrics", timeout=10).text, name)


def count_in(page: str, name: str) -> float:
    """Read one number of a page, over all its labels together."""
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return sum(sample.value for sample in samples if sample.name == f"arrivarr_{name}")
