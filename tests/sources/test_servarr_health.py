"""What Radarr and Sonarr say of themselves."""

from __future__ import annotations

from typing import Any

import pytest

from flaskapp.domain.house import CauseKind
from flaskapp.sources.servarr_health import disk_of, our_notification, read_causes
from tests.sources.rest_rows import rest

SOURCES = ("radarr", "sonarr")


def connection(source: str, path: str, **changes: Any) -> dict[str, Any]:
    """Give the recorded connection with another address, after changes."""
    row = rest(source, "api-notification-response.json")
    fields = [
        {**each, "value": f"http://board:2774{path}"} if each["name"] == "url" else each for each in row["fields"]
    ]
    return {**row, "fields": fields, **changes}


@pytest.mark.parametrize("source", SOURCES)
def test_a_paused_connection_is_a_cause(source: str) -> None:
    assert read_causes(rest(source, "api-health.json")) == {CauseKind.WEBHOOKS_PAUSED}


@pytest.mark.parametrize("check", ["DownloadClientStatusCheck", "DownloadClientCheck"])
def test_a_client_out_of_reach_is_a_cause_in_every_language(check: str) -> None:
    rows = [{"source": check, "type": "error", "message": "Impossibile comunicare con qBittorrent"}]

    assert read_causes(rows) == {CauseKind.CLIENT_UNREACHABLE}


def test_other_checks_and_odd_rows_are_no_cause() -> None:
    rows: list[dict[str, object]] = [
        {"source": "IndexerStatusCheck", "message": "NotificationStatusCheck"},
        {"source": None},
        {"source": ["DownloadClientCheck"]},
        {},
    ]

    assert read_causes(rows) == frozenset()


@pytest.mark.parametrize(
    ("source", "instance", "path"),
    [
        ("radarr", "radarr", "/webhooks/radarr"),
        ("radarr", "radarr", "/webhooks/radarr/radarr"),
        ("radarr", "radarr", "/webhooks/radarr/?token=secret"),
        ("radarr", "4k", "/webhooks/radarr/4k"),
        ("radarr", "4k", "/webhooks/radarr/4K"),
        ("sonarr", "sonarr", "/board/webhooks/sonarr?token=secret"),
        ("sonarr", "anime", "/webhooks/sonarr/anime"),
    ],
)
def test_our_connection_is_found_by_where_it_leads(source: str, instance: str, path: str) -> None:
    row = connection(source, path)

    found = our_notification([connection(source, "/elsewhere"), row], source, instance)

    assert found is not None
    assert found.resource == row
    assert found.missing == ()


@pytest.mark.parametrize(
    ("instance", "row"),
    [
        ("radarr", rest("radarr", "api-notification-response.json")),
        ("radarr", connection("radarr", "/webhooks/sonarr")),
        ("radarr", connection("radarr", "/webhooks/radarr/4k")),
        ("4k", connection("radarr", "/webhooks/radarr")),
        ("radarr", connection("radarr", "/other?to=/webhooks/radarr")),
        ("radarr", connection("radarr", "/webhooks/radarr", implementation="Discord")),
        ("radarr", connection("radarr", "/webhooks/radarr", fields=None)),
        ("radarr", connection("radarr", "/webhooks/radarr", fields=[{"name": "url", "value": ["odd"]}, "odd"])),
        (
            "radarr",
            connection("radarr", "/webhooks/radarr", fields=[{"name": "url", "value": "http://[/webhooks/radarr"}]),
        ),
        ("radarr", {}),
    ],
)
def test_what_leads_elsewhere_is_not_ours(instance: str, row: dict[str, Any]) -> None:
    assert our_notification([row], "radarr", instance) is None


@pytest.mark.parametrize(
    ("source", "trigger", "label"),
    [
        ("radarr", "onGrab", "On Grab"),
        ("radarr", "onDownload", "On File Import"),
        ("radarr", "onUpgrade", "On File Upgrade"),
        ("radarr", "onMovieDelete", "On Movie Delete"),
        ("radarr", "onMovieFileDelete", "On Movie File Delete"),
        ("radarr", "onManualInteractionRequired", "On Manual Interaction Required"),
        ("sonarr", "onGrab", "On Grab"),
        ("sonarr", "onSeriesDelete", "On Series Delete"),
        ("sonarr", "onEpisodeFileDelete", "On Episode File Delete"),
    ],
)
def test_a_trigger_that_is_off_is_named_as_the_page_names_it(source: str, trigger: str, label: str) -> None:
    found = our_notification([connection(source, f"/webhooks/{source}", **{trigger: False})], source, source)

    assert found is not None
    assert found.missing == (label,)


@pytest.mark.parametrize("trigger", ["onRename", "onMovieAdded", "onHealthIssue", "includeHealthWarnings"])
def test_triggers_that_we_can_do_without_are_not_missing(trigger: str) -> None:
    found = our_notification([connection("radarr", "/webhooks/radarr", **{trigger: False})], "radarr", "radarr")

    assert found is not None
    assert found.missing == ()


def test_a_trigger_that_a_version_does_not_have_is_not_missing() -> None:
    row = connection("radarr", "/webhooks/radarr")
    del row["onManualInteractionRequired"]

    found = our_notification([row], "radarr", "radarr")

    assert found is not None
    assert found.missing == ()


def test_of_two_connections_the_fuller_one_is_ours() -> None:
    poor, rich = (
        connection("radarr", "/webhooks/radarr", onGrab=is_on, id=number) for number, is_on in ((5, False), (6, True))
    )

    found = our_notification([poor, rich], "radarr", "radarr")

    assert found is not None
    assert found.resource["id"] == 6


@pytest.mark.parametrize(
    ("path", "free"),
    [
        ("/movies/Charade (1963)", 30),
        ("/movies", 30),
        ("/movies/", 30),
        ("/movies-4k/Charade (1963)", 10),
        ("/tv/The Signal House", 10),
        ("D:\\films\\Charade", 40),
        ("D:\\filmsets", 50),
        ("relative", None),
    ],
)
def test_a_path_lies_on_the_disk_with_the_longest_mount_above_it(path: str, free: int | None) -> None:
    mounts = {"/": 10, "/movies": 30, "D:\\": 50, "D:\\films\\": 40}
    disks: list[dict[str, object]] = [{"path": mount, "freeSpace": space} for mount, space in mounts.items()]

    assert disk_of(disks, path) == free


def test_odd_disks_are_left_out() -> None:
    disks: list[dict[str, object]] = [{}, {"path": 5}, {"path": "/", "freeSpace": "much"}]

    assert disk_of(disks, "/movies") is None
    assert disk_of([], "/movies") is None
