"""Our webhook in a Seerr, which has one for all: somebody else's is left alone, ours is tried before it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

from flask import current_app

from flaskapp.access.secret import is_same
from flaskapp.access.webhook_tokens import is_known
from flaskapp.clients.http import ClientError
from flaskapp.clients.seerr import ProtectedError, SeerrClient
from flaskapp.setup.address import place_of
from flaskapp.setup.fresh_token import expect_a_call, fresh_token
from flaskapp.setup.registered import Problem, ProblemKind, TakenError, Webhook, leads_here, webhook_url
from flaskapp.setup.seerr_agent import TYPES, Agent, as_sent, renewed
from flaskapp.upstreams import Upstream

NAME = "Webhook"
"""What Seerr calls it."""


def inspect(upstream: Upstream, callback_url: str) -> Webhook:
    """Read what is registered there."""
    with closing(SeerrClient(upstream.name, upstream.url, upstream.api_key)) as client:
        agent = Agent(client.webhook())
    if not agent.url:
        sentence = f"{upstream.name} does not call us yet, so a new request shows up only when we ask."
        return Webhook(is_there=False, problems=(Problem(ProblemKind.ABSENT, sentence),))
    if agent.lead is None:
        problem = Problem(ProblemKind.TAKEN, _taken(upstream, agent), can_repair=False)
        return Webhook(is_there=False, problems=(problem,))
    return Webhook(is_there=True, problems=tuple(_problems(agent, upstream, callback_url)), name=NAME)


def connect(upstream: Upstream, callback_url: str) -> tuple[str, ...]:
    """Set ours up or repair it, and say what changed."""
    url = webhook_url(callback_url, upstream)
    with closing(SeerrClient(upstream.name, upstream.url, upstream.api_key)) as client:
        agent, version = Agent(client.webhook()), client.version()
        if agent.url and agent.lead is None:
            raise TakenError(_taken(upstream, agent))
        with fresh_token(upstream) as token:
            settings = as_sent(renewed(agent, url, token), version)
            _try(client, settings, upstream, callback_url)
            expect_a_call(token, upstream.name)
            client.save_webhook(settings)
    if agent.lead is None:
        return (f"{upstream.name} calls us from now on, at {url}.",)
    return tuple(_changes(agent, upstream, callback_url))


def verify(upstream: Upstream, callback_url: str) -> Problem | None:
    """Let it call us once."""
    with closing(SeerrClient(upstream.name, upstream.url, upstream.api_key)) as client:
        agent = Agent(client.webhook())
        if agent.lead is None:
            return Problem(ProblemKind.ABSENT, f"{upstream.name} does not call us yet.")
        if client.test_webhook(as_sent(agent.resource, client.version())):
            return None
    if _shows_no_token_of_ours(agent):
        return _wrong_token(upstream)
    sentence = f"{upstream.name} could not deliver its test to {agent.lead.shown}. Its log says why."
    return Problem(ProblemKind.UNDELIVERED, sentence)


def _try(client: SeerrClient, settings: dict[str, object], upstream: Upstream, callback_url: str) -> None:
    try:
        is_delivered = client.test_webhook(settings)
    except ProtectedError:
        raise TakenError(
            f"{upstream.name} lets us read but change nothing: its CSRF protection is on, which keeps programs out. "
            "Switch it off for a moment (Settings, Network), or enter this by hand."
        ) from None
    if is_delivered:
        return
    place = place_of(callback_url)
    hint = (
        f"On another machine or in a container, {place.host} means that one itself: enter the name of ours."
        if place.is_loopback
        else "Is it right as seen from there, and does a firewall or a proxy stand between?"
    )
    raise ClientError(f"{upstream.name} gets no good answer from us at {place.shown}. {hint}")


def _taken(upstream: Upstream, agent: Agent) -> str:
    try:
        whose = f"to {place_of(agent.url).shown}"
    except ValueError:
        whose = "to somebody else"
    return f"{upstream.name} has one webhook, and it already sends {whose}. Arrivarr leaves it alone."


def _problems(agent: Agent, upstream: Upstream, callback_url: str) -> Iterator[Problem]:
    yield from _about_address(agent, upstream, callback_url)
    if not agent.is_enabled:
        yield Problem(ProblemKind.DISABLED, f"The webhook of {upstream.name} is switched off.")
    for bit in agent.missing:
        sentence = f"{TYPES[bit]} is off, so this news reaches us only when we ask, up to a minute later."
        yield Problem(ProblemKind.TRIGGER, sentence)
    if not agent.tells_enough:
        sentence = f"The template of {upstream.name} leaves out what we need. The default one does."
        yield Problem(ProblemKind.TEMPLATE, sentence)
    if _shows_no_token_of_ours(agent):
        yield _wrong_token(upstream)


def _about_address(agent: Agent, upstream: Upstream, callback_url: str) -> Iterator[Problem]:
    if agent.lead is None:
        return
    if not callback_url:
        sentence = "Arrivarr does not know yet at which address services reach it."
        yield Problem(ProblemKind.NO_ADDRESS, sentence, can_repair=False)
    elif not leads_here(agent.lead, callback_url) or agent.lead.instance != upstream.instance:
        now = webhook_url(callback_url, upstream)
        yield Problem(ProblemKind.OLD_ADDRESS, f"{upstream.name} calls {agent.lead.shown}, and should call {now}.")


def _shows_no_token_of_ours(agent: Agent) -> bool:
    """Tell whether what it shows is readable, and no token of ours."""
    token = agent.shown_token
    if not token or set(token) == {"*"}:
        return False
    shared = current_app.extensions["settings"].webhook_token
    return not is_same(token, shared) and not is_known("seerr", [token], datetime.now(UTC))


def _wrong_token(upstream: Upstream) -> Problem:
    sentence = f"{upstream.name} shows a token that does not count any more, so we refuse its calls."
    return Problem(ProblemKind.WRONG_TOKEN, sentence)


def _changes(agent: Agent, upstream: Upstream, callback_url: str) -> Iterator[str]:
    lead = agent.lead
    if lead is not None and not leads_here(lead, callback_url):
        yield f"{upstream.name} now calls {webhook_url(callback_url, upstream)}, and no longer {lead.shown}."
    if not agent.is_enabled:
        yield "Its webhook is switched on."
    if agent.missing:
        yield f"Ticked: {', '.join(TYPES[bit] for bit in agent.missing)}."
    if not agent.tells_enough:
        yield "It has a new template."
    yield "It has a new token; the one before counts for seven more days."
