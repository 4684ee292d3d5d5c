"""The connections of one Radarr or Sonarr, and what goes out through them."""

from __future__ import annotations

from functools import partial

from demo.clock import Clock
from demo.servarr.backoff import Backoff
from demo.servarr.notification import Notification
from demo.servarr.words import Event, Words
from demo.webhook import Post, Webhook


class Mail:
    """Sends events to all connections that want them and are not blocked."""

    def __init__(self, words: Words, clock: Clock, post: Post) -> None:
        self._words, self._clock, self._post = words, clock, post
        self._source, self._started_at = words.name.lower(), clock.now
        self.notifications: dict[int, Notification] = {}
        self._backoffs: dict[int, Backoff] = {}

    def backoff(self, id_: int) -> Backoff:
        """Give how a connection fares."""
        return self._backoffs.setdefault(id_, Backoff(self._started_at))

    def blocked(self) -> list[Notification]:
        """Give the connections that are left alone now."""
        now = self._clock.now
        return [each for each in self.notifications.values() if self.backoff(each.id).is_blocked(now)]

    def tell(self, event: Event) -> None:
        """Send an event; whoever is blocked never hears of it."""
        for notification in self.notifications.values():
            backoff = self.backoff(notification.id)
            if notification.triggers >= set(event.triggers) and not backoff.is_blocked(self._clock.now):
                note = partial(self._note, backoff)
                self._post.send(Webhook(self._source, notification.receiver, event.payload, note))

    def _note(self, backoff: Backoff, is_good: bool) -> None:  # noqa: FBT001  it is called with what it is told
        backoff.note(self._clock.now, is_good=is_good)

    def test(self, notification: Notification) -> int:
        """Send a Test and wait for the answer: give its status. A good one counts for the saved connection."""
        status = self._post.deliver(Webhook(self._source, notification.receiver, self._words.test().payload))
        if status < 400 and notification.id in self.notifications:
            self.backoff(notification.id).note(self._clock.now, is_good=True)
        return status
