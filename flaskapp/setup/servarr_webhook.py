"""Our webhook in a Radarr or Sonarr: what is wrong with it, and its repair.

They send a test while our question waits, and don't save what was not answered well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime

from flask import current_app

from flaskapp.access.secret import is_same
from flaskapp.access.webhook_tokens import is_known
from flaskapp.clients.http import ClientError
from flaskapp.clients.servarr import ServarrClient, UndeliveredError
from flaskapp.domain.house import CauseKind
from flaskapp.setup.address import place_of
from flaskapp.setup.fresh_token import expect_a_call, fresh_token
from flaskapp.setup.registered import Problem, ProblemKind, Webhook, leads_here, webhook_url
from flaskapp.setup.servarr_connections import HIDDEN, Connection, new, ours, renewed
from flaskapp.sources.servarr_health import TRIGGERS, read_causes
from flaskapp.upstreams import Upstream

LATE = "only when we ask, up to a minute later"
SO = {
    "onGrab": f"a new download shows up {LATE}",
    "onDownload": f"a finished import reaches us {LATE}",
    "onUpgrade": f"a better copy reaches us {LATE}",
    "onMovieDelete": "a film that is deleted there stays on the board for a while",
    "onSeriesDelete": "a series that is deleted there stays on the board for a while",
    "onMovieFileDelete": "a deleted file stays on the board for a while",
    "onEpisodeFileDelete": "a deleted file stays on the board for a while",
    "onManualInteractionRequired": f"a download that needs a hand is noticed {LATE}",
}
"""What a missing trigger means for people."""


def inspect(upstream: Upstream, callback_url: str) -> Webhook:
    """Read what is registered there."""
    with closing(ServarrClient(upstream.name, upstream.url, upstream.api_key)) as client:
        found = ours(client.notifications(), upstream, callback_url)
        if not found:
            sentence = f"{upstream.name} does not call us yet, so news from it reach us {LATE}."
            return Webhook(is_there=False, problems=(Problem(ProblemKind.ABSENT, sentence),))
        is_paused = _is_paused(client, found[0])
    problems = tuple(_problems(found, upstream, callback_url, is_paused=is_paused))
    return Webhook(is_there=True, problems=problems, name=found[0].name)


def connect(upstream: Upstream, callback_url: str) -> tuple[str, ...]:
    """Create ours or repair it, and say what changed."""
    url = webhook_url(callback_url, upstream)
    with closing(ServarrClient(upstream.name, upstream.url, upstream.api_key)) as client:
        rows = client.notifications()
        found = ours(rows, upstream, callback_url)
        is_paused = bool(found) and _is_paused(client, found[0])
        schema = [] if found else client.notification_schema()
        with fresh_token(upstream) as token:
            wanted = renewed(found[0], url, token) if found else new(schema, rows, url, token)
            try:
                saved = client.save_notification(wanted)
            except UndeliveredError as error:
                raise ClientError(_why_undelivered(upstream, callback_url, error)) from None
        expect_a_call(token, upstream.name)
        for double in found[1:]:
            client.delete_notification(double.id)
        if is_paused:
            client.test_notification(saved)
    if not found:
        return (f"{upstream.name} calls us from now on, at {url}. The connection is called {wanted['name']} there.",)
    return tuple(_changes(found, upstream, callback_url, is_paused=is_paused))


def verify(upstream: Upstream, callback_url: str) -> Problem | None:
    """Let it call us once; if that arrives, it also ends a pause."""
    with closing(ServarrClient(upstream.name, upstream.url, upstream.api_key)) as client:
        found = ours(client.notifications(), upstream, callback_url)
        if not found:
            return Problem(ProblemKind.ABSENT, f"{upstream.name} does not call us yet.")
        try:
            client.test_notification(found[0].resource)
        except UndeliveredError as error:
            if error.status == 401 and leads_here(found[0].lead, callback_url):
                return _wrong_token(upstream)
            at = f"http://{found[0].lead.shown}"
            return Problem(ProblemKind.UNDELIVERED, _why_undelivered(upstream, at, error))
    return None


def _is_paused(client: ServarrClient, connection: Connection) -> bool:
    return CauseKind.WEBHOOKS_PAUSED in read_causes(client.health(), connection.name)


def _problems(
    found: Sequence[Connection], upstream: Upstream, callback_url: str, *, is_paused: bool
) -> Iterator[Problem]:
    first = found[0]
    yield from _about_address(first, upstream, callback_url)
    if first.is_off:
        sentence = f"The connection {first.name} is switched off: none of its events is ticked."
        yield Problem(ProblemKind.DISABLED, sentence)
    else:
        for name in first.missing:
            yield Problem(ProblemKind.TRIGGER, f"{TRIGGERS[name]} is off, so {SO[name]}.")
    if _shows_no_token_of_ours(first, upstream):
        yield _wrong_token(upstream)
    if is_paused:
        sentence = f"{upstream.name} has paused its calls to us after failures, and what happens meanwhile is not told."
        yield Problem(ProblemKind.PAUSED, sentence)
    if len(found) > 1:
        names = " and ".join(each.name for each in found[1:])
        sentence = f"More than one connection leads here, so everything arrives twice: {names} can go."
        yield Problem(ProblemKind.DOUBLED, sentence)
    if first.has_tags:
        sentence = f"The connection {first.name} is limited to some tags, so {upstream.name} is silent about the rest."
        yield Problem(ProblemKind.TAGS, sentence, can_repair=False)


def _about_address(first: Connection, upstream: Upstream, callback_url: str) -> Iterator[Problem]:
    if not callback_url:
        sentence = "Arrivarr does not know yet at which address services reach it."
        yield Problem(ProblemKind.NO_ADDRESS, sentence, can_repair=False)
    elif not leads_here(first.lead, callback_url):
        now, then = place_of(callback_url).shown, first.lead.shown
        what = (
            f"{then}, and Arrivarr is at {now}" if now != then else f"another address at {then} than that of Arrivarr"
        )
        yield Problem(ProblemKind.OLD_ADDRESS, f"{upstream.name} calls {what}.")
    elif first.lead.instance != upstream.instance:
        sentence = f"{upstream.name} calls us under the name of another instance, {first.lead.instance}."
        yield Problem(ProblemKind.OLD_ADDRESS, sentence)


def _shows_no_token_of_ours(first: Connection, upstream: Upstream) -> bool:
    """Tell whether all that it shows is readable, and nothing of it is a token of ours."""
    shown = first.shown_tokens()
    if not shown or HIDDEN in shown:
        return False
    shared = current_app.extensions["settings"].webhook_token
    return not any(is_same(each, shared) for each in shown) and not is_known(upstream.source, shown, datetime.now(UTC))


def _wrong_token(upstream: Upstream) -> Problem:
    sentence = f"{upstream.name} shows a token that does not count any more, so we refuse its calls."
    return Problem(ProblemKind.WRONG_TOKEN, sentence)


def _why_undelivered(upstream: Upstream, callback_url: str, error: UndeliveredError) -> str:
    name, place, status = upstream.name, place_of(callback_url), error.status
    if status is None:
        hint = (
            f" On another machine or in a container, {place.host} means that one itself: enter the name of ours."
            if place.is_loopback
            else " Is it right as seen from there, and does a firewall stand between?"
        )
        return f"{name} can't reach us at {place.shown}.{hint}"
    if status in (401, 403):
        return f"{name} calls {place.shown}, and is asked for a password ({status}): does a proxy stand before us?"
    if status in (404, 405):
        return f"{name} calls {place.shown}, and nobody there knows of us ({status}): is the path of our address right?"
    return f"{name} calls {place.shown}, and gets no good answer ({status})."


def _changes(found: Sequence[Connection], upstream: Upstream, callback_url: str, *, is_paused: bool) -> Iterator[str]:
    first = found[0]
    if not leads_here(first.lead, callback_url):
        yield f"{upstream.name} now calls {webhook_url(callback_url, upstream)}, and no longer {first.lead.shown}."
    elif first.lead.instance != upstream.instance:
        yield f"It now calls {webhook_url(callback_url, upstream)}."
    if first.missing:
        yield f"Ticked: {', '.join(TRIGGERS[name] for name in first.missing)}."
    yield "It has a new token; the one before counts for seven more days."
    for double in found[1:]:
        yield f"The connection {double.name}, which led here too, is gone."
    if is_paused:
        yield "Its pause is over."
