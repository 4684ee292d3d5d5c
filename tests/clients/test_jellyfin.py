"""Questions to Jellyfin."""

from __future__ import annotations

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.clients.jellyfin import JellyfinClient
from tests.clients.web import Reply, serve


def test_items_are_asked_for_together_and_with_their_provider_ids() -> None:
    with serve(lambda _asked: Reply(200, b'{"Items": [{"Id": "a"}, 5]}')) as web:
        client = JellyfinClient("Jellyfin", f"{web.url}/jellyfin", "k+y")
        assert client.items(["a", "b"]) == [{"Id": "a"}]
        client.close()

    (asked,) = web.asked
    assert (asked.path, asked.query) == ("/jellyfin/Items", {"ids": "a,b", "fields": "ProviderIds"})
    assert asked.headers["Authorization"].startswith('MediaBrowser Token="k%2By", Client="Arrivarr"')


def test_no_ids_is_no_question() -> None:
    with serve(lambda _asked: Reply(200, b"{}")) as web:
        client = JellyfinClient("Jellyfin", web.url, "k3y")
        assert client.items([]) == []
        client.close()

    assert web.asked == []


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"Items": 5}'])
def test_something_else_than_items_is_refused(body: bytes) -> None:
    with serve(lambda _asked: Reply(200, body)) as web:
        client = JellyfinClient("Jellyfin", web.url, "k3y")
        with pytest.raises(ClientError, match="no list of items"):
            client.items(["a"])
        client.close()


def test_a_title_is_searched_for_and_the_episodes_of_a_show_are_listed() -> None:
    with serve(lambda _asked: Reply(200, b'{"Items": [{"Id": "a"}]}')) as web:
        client = JellyfinClient("Jellyfin", web.url, "k3y")
        assert client.search("Movie", "Safety Last") == [{"Id": "a"}]
        assert client.episodes("5e5e") == [{"Id": "a"}]
        client.close()

    search, episodes = web.asked
    assert search.path == "/Items"
    assert (
        search.query.items() >= {"recursive": "true", "includeItemTypes": "Movie", "searchTerm": "Safety Last"}.items()
    )
    assert (episodes.path, episodes.query["isMissing"]) == ("/Shows/5e5e/Episodes", "false")


def test_the_server_says_who_it_is() -> None:
    with serve(lambda _asked: Reply(200, b'{"Id": "5e5e"}')) as web:
        client = JellyfinClient("Jellyfin", f"{web.url}/jellyfin", "k3y")
        assert client.server_id() == "5e5e"
        client.close()

    assert web.paths() == ["/jellyfin/System/Info/Public"]


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"Id": 5}', b'{"Id": ""}'])
def test_a_server_without_an_id_is_refused(body: bytes) -> None:
    with serve(lambda _asked: Reply(200, body)) as web:
        client = JellyfinClient("Jellyfin", web.url, "k3y")
        with pytest.raises(ClientError, match="which server it is"):
            client.server_id()
        client.close()
