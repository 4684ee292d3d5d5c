"""Text that would run where a page took it for markup: in a real browser, with no policy to stop it."""

from __future__ import annotations

import json
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route

from tests.app import Browser, Send, post
from tests.fuzz.bodies import CANARIES, HURT, all_poisoned
from tests.views.trouble import BLOCKED, give

PLACE = "http://board.test"
STIR = """() => {
    for (const element of document.querySelectorAll("*")) {
        for (const kind of ["mouseover", "focus", "animationstart", "toggle"]) element.dispatchEvent(new Event(kind));
        if (element.tagName === "DETAILS") element.open = true;
    }
}"""
LEADS_ASTRAY = """() => [...document.querySelectorAll("[href], [src], [action], [formaction], [srcdoc]")].filter(
    (element) => ["href", "src", "action", "formaction", "srcdoc"].some(
        (name) => /^\\s*(javascript|data|vbscript):/i.test(element.getAttribute(name) ?? "")
          || element.hasAttribute("srcdoc"))
).map((element) => element.outerHTML)"""


def serve(page: Page, client: FlaskClient, told: list[str]) -> None:
    """Let a page load from an app in this process, without the header that would stop a script; nothing else."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(PLACE)
        if path.startswith("/events"):
            route.fulfill(status=200, content_type="text/event-stream", body="".join(told))
            return
        with client.get(path) as response:
            headers = {name: value for name, value in response.headers if name != "Content-Security-Policy"}
            route.fulfill(status=response.status_code, headers=headers, body=response.data)

    page.route("**/*", answer)


def test_no_text_of_any_source_runs_in_any_page(
    app: Flask, client: FlaskClient, send: Send, browser: Browser, new_page: Callable[..., Page]
) -> None:
    for number, canary in enumerate(CANARIES, start=1):
        send(
            "seerr",
            "media-pending-movie",
            subject=canary,
            request__request_id=str(8000 + number),
            media__tmdbId=str(60_000 + number),
            request__requestedBy_username=canary,
        )
    for source, body in all_poisoned():
        assert post(client, f"/webhooks/{source}", body).status_code in (200, 400)
    for instance in ("%3Cscript%3Ewindow.hurt=1%3C%2Fscript%3E", "%22%3E%3Cimg src=x onerror=window.hurt=1%3E"):
        post(client, f"/webhooks/radarr/{instance}", {"eventType": CANARIES[0]})
    rows = client.get("/api/requests?limit=500").get_json()["requests"]
    for row, canary in zip(rows, CANARIES, strict=False):
        give(app, BLOCKED | {"sentence": canary, "messages": [canary]}, row["id"])
    told = [f"data: {json.dumps(each.event)}\n\n" for each in browser.hears()]
    page = new_page(is_alone=True)
    serve(page, client, told)

    addresses = ["/", "/services", *(f"/requests/{row['id']}" for row in rows), "/%3Cscript%3Ewindow.hurt=1"]
    shown = ""
    for address in addresses:
        page.goto(f"{PLACE}{address}", wait_until="load")
        page.evaluate(STIR)
        page.wait_for_timeout(50)
        assert page.evaluate("window.hurt") is None, address
        assert page.evaluate(LEADS_ASTRAY) == [], address
        shown += page.locator("body").inner_text()
    assert shown.count(HURT) > len(CANARIES)  # it was there, as text


def test_the_canary_would_sing(new_page: Callable[..., Page]) -> None:
    page = new_page()

    page.set_content(f"<p>{CANARIES[1][2:]}</p>")

    page.wait_for_function("window.hurt === 1")
