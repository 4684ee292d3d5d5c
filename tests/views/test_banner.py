"""What is wrong with the house is told once, above the cards; old numbers lose their light."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.domain.house import CauseKind
from flaskapp.extensions import writing
from flaskapp.models import Cause
from flaskapp.signals import Signals
from flaskapp.upstreams import Upstream
from tests.app import Send
from tests.views.setup_pages import save
from tests.views.trouble import give

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
CARD_CSS = (Path(__file__).parents[2] / "static/css/card.css").read_text(encoding="utf-8")
PAGES = ("/", "/board", "/requests/1", "/services")


@pytest.fixture(autouse=True)
def asked(send: Send) -> None:
    """Let somebody ask for a film."""
    send("seerr", "media-approved-movie")


@pytest.fixture
def signals(app: Flask) -> Signals:
    found: Signals = app.extensions["signals"]
    return found


def find(app: Flask, *causes: tuple[CauseKind, str, datetime]) -> None:
    with app.app_context(), writing() as session:
        session.add_all(Cause(kind=kind, upstream=upstream, since=since) for kind, upstream, since in causes)


def causes(html: str) -> list[str]:
    return re.findall(r'data-cause="(\w+)"', html)


@pytest.mark.parametrize("kind", CauseKind)
@pytest.mark.parametrize("page", PAGES)
def test_a_cause_is_told_on_every_page_in_plain_words_with_its_time(
    app: Flask, client: FlaskClient, kind: CauseKind, page: str
) -> None:
    find(app, (kind, "Radarr", NOON))

    html = client.get(page).text

    (notice,) = re.findall(r'<p class="notice[^>]*data-cause.*?</p>', html, re.DOTALL)
    assert '<time datetime="2026-03-14T12:00:00Z"' in notice
    assert len(re.sub(r"<[^>]+>", "", notice).split()) > 10
    assert str(kind) not in re.sub(r"<[^>]+>", "", notice)


def test_a_cause_that_two_services_name_is_told_once_since_the_first(app: Flask, client: FlaskClient) -> None:
    later = NOON + timedelta(hours=1)
    find(app, (CauseKind.LIBRARY_FULL, "Sonarr", later), (CauseKind.LIBRARY_FULL, "Radarr", NOON))

    page = client.get("/").text

    assert causes(page) == ["library_full"]
    assert "says Radarr and Sonarr" in page
    assert "2026-03-14T13:00:00Z" not in page


@pytest.mark.parametrize(
    ("kind", "of_one", "of_all"),
    [
        (CauseKind.SLOW_MODE, "Downloads of qBittorrent VPN are slowed", "Downloads are slowed for everyone"),
        (CauseKind.DISCONNECTED, "Downloads of qBittorrent VPN stand still", "Downloads stand still for everyone"),
        (
            CauseKind.DOWNLOADS_FULL,
            "The disk for downloads of qBittorrent VPN is full",
            "The disk for downloads is full",
        ),
    ],
)
def test_what_one_of_two_clients_sees_is_told_of_its_downloads_alone(
    app: Flask, client: FlaskClient, kind: CauseKind, of_one: str, of_all: str
) -> None:
    save(app, Upstream("qbittorrent", "qbittorrent", "qBittorrent", ""))
    save(app, Upstream("qbittorrent", "vpn", "qBittorrent VPN", ""))

    find(app, (kind, "qBittorrent VPN", NOON))
    assert f"<strong>{of_one}</strong>" in client.get("/").text
    find(app, (kind, "qBittorrent", NOON))

    assert f"<strong>{of_all}</strong>" in client.get("/").text


def test_what_a_dead_service_said_last_is_not_told(app: Flask, client: FlaskClient, signals: Signals) -> None:
    find(app, (CauseKind.SLOW_MODE, "qBittorrent", NOON))
    signals.missed("qBittorrent", NOON, "It refuses.")

    page = client.get("/").text

    assert causes(page) == []
    assert re.findall(r'data-service="(\w+)"', page) == ["qBittorrent"]


@pytest.mark.parametrize("kind", [CauseKind.WEBHOOKS_PAUSED, CauseKind.WEBHOOKS_SILENT])
def test_webhooks_that_stay_away_are_a_quiet_line_that_leads_to_the_services(
    app: Flask, client: FlaskClient, kind: CauseKind
) -> None:
    find(app, (kind, "Radarr", NOON))

    page = client.get("/").text

    assert "notice--quiet" in page
    assert page.count('href="/services"') == 3  # the others stand in the header and in the hidden line about proxies
    assert "See Services" not in client.get("/services").text


def test_a_healthy_house_has_no_banner(client: FlaskClient, signals: Signals) -> None:
    signals.reached("Radarr", NOON, 0.1)

    for page in PAGES:
        html = client.get(page).text
        assert causes(html) == []
        assert "data-service=" not in html
        assert 'data-down=""' in html


def test_the_page_names_the_sources_of_which_all_numbers_are_old(
    app: Flask, client: FlaskClient, signals: Signals
) -> None:
    save(
        app,
        Upstream("radarr", "radarr", "Radarr", ""),
        Upstream("radarr", "4k", "Radarr 4K", "", is_4k=True),
        Upstream("sonarr", "sonarr", "Sonarr", ""),
        Upstream("sonarr", "anime", "Sonarr for anime", ""),
        Upstream("qbittorrent", "qbittorrent", "qBittorrent", ""),
        Upstream("qbittorrent", "vpn", "The one behind the VPN", ""),
    )
    for name in ("Radarr 4K", "Sonarr for anime", "qBittorrent", "The one behind the VPN"):
        signals.missed(name, NOON, "It refuses.")

    for page in PAGES:
        assert 'data-down="radarr-4k qbittorrent"' in client.get(page).text


@pytest.mark.parametrize(
    ("source", "attribute", "shown"),
    [
        ("qbittorrent", "qbittorrent", "qBittorrent"),
        ("radarr 4k", "radarr-4k", "Radarr 4K"),
        ("sonarr",) * 2 + ("Sonarr",),
    ],
)
def test_a_number_says_which_source_said_it_and_when(
    app: Flask, client: FlaskClient, source: str, attribute: str, shown: str
) -> None:
    give(app, None, state="downloading", measured_at=NOON, measured_by=source, progress=40)

    page = client.get("/").text

    assert f'data-measured-at="2026-03-14T12:00:00Z" data-measured-by="{attribute}"' in page
    assert f'progress__source">{shown}, <time datetime="2026-03-14T12:00:00Z"' in page
    assert f'[data-down~="{attribute}"] [data-measured-by="{attribute}"]' in CARD_CSS


def test_where_nothing_was_measured_nobody_is_named(client: FlaskClient) -> None:
    page = client.get("/").text

    assert "data-measured" not in page
    assert "progress__source" not in page
