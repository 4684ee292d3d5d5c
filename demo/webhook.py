"""A webhook on its way, and the thread that carries them one after the other."""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests

logger = logging.getLogger(__name__)

TIMEOUT = 10.0


def _forget(is_good: bool) -> None:  # noqa: FBT001  it is called with what it is told
    """Take no notice of the answer."""


@dataclass(frozen=True)
class Receiver:
    """Where a service sends its webhooks, and what it shows there."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Webhook:
    """One body to one receiver."""

    source: str
    receiver: Receiver
    payload: dict[str, Any]
    on_answer: Callable[[bool], None] = field(default=_forget, compare=False, repr=False)
    """Called with whether it was taken, for senders that keep count."""

    @property
    def body(self) -> bytes:
        """Give the bytes as they go out: compact, with all letters as they are."""
        return json.dumps(self.payload, ensure_ascii=False, separators=(",", ":")).encode()


class Post(Protocol):
    """What carries webhooks."""

    def send(self, webhook: Webhook) -> None:
        """Take a webhook along; nobody waits for it."""

    def deliver(self, webhook: Webhook) -> int:
        """Deliver a webhook at once and give the status of the answer."""


class HttpPost:
    """Delivers over HTTP, in the order in which webhooks were handed in and with no second try, as upstream does."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Webhook | None] = queue.Queue()
        self._session = requests.Session()
        self._session.trust_env = False
        self._thread = threading.Thread(target=self._run, name="post", daemon=True)
        self._thread.start()

    def send(self, webhook: Webhook) -> None:
        """Put a webhook into the queue."""
        self._waiting.put(webhook)

    def deliver(self, webhook: Webhook) -> int:
        """Post a webhook now."""
        headers = {"Content-Type": "application/json", **webhook.receiver.headers}
        # Not followed and counted as a success, as in Radarr and Sonarr.
        return self._session.post(
            webhook.receiver.url, data=webhook.body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        ).status_code

    def close(self) -> None:
        """Deliver what waits and stop."""
        self._waiting.put(None)
        self._thread.join()
        self._session.close()

    def _run(self) -> None:
        while (webhook := self._waiting.get()) is not None:
            self._try(webhook)

    def _try(self, webhook: Webhook) -> None:
        try:
            status = self.deliver(webhook)
        except requests.RequestException as error:
            logger.warning("A webhook of %s is lost (%s)", webhook.source, type(error).__name__)
            webhook.on_answer(False)  # noqa: FBT003  as above
        else:
            webhook.on_answer(status < 400)
            if status >= 400:
                logger.warning("A webhook of %s is lost (status %s)", webhook.source, status)
