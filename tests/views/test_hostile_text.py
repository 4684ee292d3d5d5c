"""Text from outside is shown as text: never run, never breaking a frame or a page."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.app import Browser, Send, post
from tests.views.trouble import BLOCKED, give

SCRIPT = "<script>alert(1)</script>"
LONG = "Nosferatu " * 1000
TITLES = {
    "script": SCRIPT,
    "image": '"><img src=x onerror=alert(1)>',
    "attribute": '" onmouseover="alert(1)" x="',
    "single quotes": "' autofocus onfocus='alert(1)",
    "end of text": "</title></textarea></bdi></article></html>",
    "comment": "<!-- --><![CDATA[ ]]>",
    "template": "{{ 7 * 7 }} {% raw %} ${7*7} {#",
    "entities": "&lt;b&gt; &amp;amp; &#60;",
    "emoji": "🎬 Métropolis 👩‍👩‍👧 \U0001d510",
    "right to left": "\u202eexe.fdp \u05de\u05d8\u05e8\u05d5\u05e4\u05d5\u05dc\u05d9\u05e1",
    "one wide word": "W" * 499,
    "backslashes": r"C:\new\u0041 \" \\",
    "format": "%s %d %(title)s {0} {title}",
}
MANGLED = {
    "lines": ("One\nTwo\r\nThree\u2028Four\u2029Five\x85Six", "One Two Three Four Five Six"),
    "a frame": ("Dawn\n\ndata: {}\nid: 9\nretry: 1\n\n", "Dawn data: {} id: 9 retry: 1"),
    "null": ("No\x00thing", "Nothing"),
    "control": ("\x1b[31mRed\x07\x08", "[31mRed"),
    "half a pair": ("Half \ud83c", "Half"),
    "ten thousand characters": (LONG, LONG[:499] + "…"),
    "only white space": (" \n\t ", "Untitled"),
}
CASES = [*((text, text) for text in TITLES.values()), *MANGLED.values()]


class Page(HTMLParser):
    """Reads a page as a browser does: the text of titles, every tag, every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.titles: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self._is_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if ("class", "card__link") in attrs:
            self._is_title = True
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._is_title = False

    def handle_data(self, data: str) -> None:
        if self._is_title:
            self.titles[-1] += data


def harmless(html: str) -> Page:
    page = Page(html)
    assert not any(name.startswith("on") or name in ("style", "autofocus") for name in page.attributes)
    assert page.tags.count("script") <= 1  # our own, on a whole page
    assert SCRIPT not in html
    assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", html)
    return page


@pytest.mark.parametrize(("sent", "shown"), CASES, ids=[*TITLES, *MANGLED])
def test_a_title_is_shown_as_it_is_on_every_surface(
    client: FlaskClient, send: Send, browser: Browser, sent: str, shown: str
) -> None:
    response = send("seerr", "media-pending-movie", subject=sent, request__requestedBy_username=sent)

    assert response.get_json()["outcome"] == "applied"
    (told,) = browser.hears()  # which holds each frame to one line of JSON
    assert told.event["title"] == shown
    assert harmless(told.event["card"]).titles == [shown]
    assert harmless(client.get("/").text).titles == [shown]
    assert harmless(client.get("/requests/1").text).titles == [shown]
    assert client.get("/api/requests/1").get_json()["title"] == shown
    assert client.get("/api/requests").get_json()["requests"][0]["title"] == shown


@pytest.mark.parametrize("text", TITLES.values(), ids=TITLES)
def test_names_of_releases_indexers_episodes_and_qualities_are_text_too(
    client: FlaskClient, send: Send, text: str
) -> None:
    series = {"media__tmdbId": "9990301", "media__tvdbId": "9990101"}
    send("seerr", "media-approved-tv-partial-seasons", **series, extra=[{"name": "Requested Seasons", "value": "2"}])
    release = {"releaseTitle": text, "indexer": text, "quality": text, "size": 5}
    episodes = [{"seasonNumber": 2, "episodeNumber": 1, "title": text}]

    send("sonarr", "grab-season-pack", release=release, episodes=episodes, downloadClient=text)

    harmless(client.get("/").text)
    page = client.get("/requests/1")
    assert page.status_code == 200
    harmless(page.text)
    assert client.get("/api/requests/1").get_json()["items"][0]["title"] == text


@pytest.mark.parametrize("text", TITLES.values(), ids=TITLES)
def test_an_answer_to_a_hostile_body_is_plain_json(client: FlaskClient, text: str) -> None:
    response = post(client, "/webhooks/radarr", {"eventType": text, "movie": text})

    assert response.content_type == "application/json"
    assert response.status_code == 200
    assert "script" not in response.text


@pytest.mark.parametrize("part", ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E"])
@pytest.mark.parametrize("folder", ["", "requests/", "webhooks/", "api/", "static/"])
def test_an_address_is_not_played_back_as_markup(client: FlaskClient, folder: str, part: str) -> None:
    for response in (client.get(f"/{folder}{part}"), post(client, f"/{folder}{part}", "{}")):
        assert response.status_code in (401, 404, 405)
        if response.content_type.startswith("text/html"):
            harmless(response.text)


def test_the_name_of_an_instance_is_text_on_the_timeline(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-approved-movie")

    send("radarr", "grab-torrent", instance="%3Cscript%3Ealert(1)")

    page = client.get("/requests/1").text
    harmless(page)
    assert "Radarr &lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("text", TITLES.values(), ids=TITLES)
def test_a_trouble_and_its_messages_are_text(app: Flask, client: FlaskClient, send: Send, text: str) -> None:
    send("seerr", "media-approved-movie")
    give(app, BLOCKED | {"sentence": text, "messages": [text]})

    for address in ("/", "/requests/1"):
        harmless(client.get(address).text)


@pytest.mark.parametrize("text", TITLES.values(), ids=TITLES)
def test_what_services_call_themselves_and_their_events_is_text_on_their_page(
    app: Flask, client: FlaskClient, text: str
) -> None:
    app.extensions["signals"].missed("Radarr", datetime(2026, 3, 14, tzinfo=UTC), text)
    post(client, "/webhooks/radarr", {"eventType": text})
    post(client, "/webhooks/sonarr/%3Cscript%3Ealert(1)", {"eventType": "Test"})

    harmless(client.get("/services").text)
    harmless(client.get("/").text)


def test_a_card_and_its_frame_stay_small_whatever_comes(send: Send, browser: Browser) -> None:
    send("seerr", "media-pending-movie", subject="\U0001f3ac" * 10_000, request__requestedBy_username="&" * 10_000)

    (told,) = browser.hears()
    assert len(json.dumps(told.event)) < 64 * 1024
