"""The login of every version, and how a client that reads behaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.clients.qbittorrent import BAN, BATCH, PAUSE, QbittorrentClient
from tests.clients.web import Asked, Reply, Web, serve

OLD_GOOD, OLD_BAD = Reply(200, b"Ok.", {"Set-Cookie": "SID=a+b/c=; path=/"}), Reply(200, b"Fails.")
NEW_GOOD, NEW_BAD = Reply(204, b"", {"Set-Cookie": "QBT_SID_8080=a; path=/"}), Reply(401)
LIST = b'[{"hash": "%s"}, "odd"]' % (b"ab" * 20)


@dataclass
class Clock:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class House:
    """A server of one version, and our client of it."""

    web: Web
    client: QbittorrentClient
    clock: Clock
    login: list[Reply] = field(default_factory=list)
    needs_cookie: bool = True

    def logins(self) -> int:
        return self.web.paths().count("/api/v2/auth/login")

    def failure(self) -> str:
        with pytest.raises(ClientError) as raised:
            self.client.version()
        return str(raised.value)


@pytest.fixture
def house() -> Iterator[House]:
    with serve(lambda _asked: Reply()) as web:
        clock = Clock()
        client = QbittorrentClient("qBittorrent", web.url, "karla", "open sesame", clock)
        house = House(web, client, clock)
        web.answer = _answers(house)
        yield house
        client.close()


def _answers(house: House) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/api/v2/auth/login":
            return house.login.pop(0)
        if house.needs_cookie and "Cookie" not in asked.headers:
            return Reply(403)
        return Reply(200, LIST if asked.path.endswith("info") else b"2.8.19")

    return answer


@pytest.mark.parametrize("good", [OLD_GOOD, NEW_GOOD])
def test_it_logs_in_once_and_keeps_the_cookie(house: House, good: Reply) -> None:
    house.login = [good]

    house.client.version()
    house.client.version()

    assert house.logins() == 1
    login = next(each for each in house.web.asked if each.path.endswith("login"))
    assert (login.method, login.form) == ("POST", {"username": "karla", "password": "open sesame"})
    assert {"Referer", "Origin"}.isdisjoint(login.headers)


def test_an_address_that_is_trusted_needs_no_login(house: House) -> None:
    house.needs_cookie = False

    house.client.version()

    assert house.logins() == 0


@pytest.mark.parametrize("bad", [OLD_BAD, NEW_BAD])
def test_a_refused_password_is_tried_again_later_and_later(house: House, bad: Reply) -> None:
    house.login = [bad, bad, bad]

    sentences = {house.failure() for _ in range(10)}
    assert (house.logins(), len(sentences)) == (1, 1)
    assert "refuses the user name or password" in sentences.pop()

    house.clock.seconds += PAUSE
    house.failure()
    house.clock.seconds += PAUSE
    house.failure()
    assert house.logins() == 2

    house.clock.seconds += 3 * PAUSE
    house.failure()
    assert house.logins() == 3


def test_a_password_that_is_right_again_is_taken(house: House) -> None:
    house.login = [OLD_BAD, OLD_GOOD]
    house.failure()

    house.clock.seconds += PAUSE

    assert house.client.version() == "2.8.19"


def test_a_ban_is_waited_for(house: House) -> None:
    house.login = [Reply(403, b"Your IP address has been banned"), OLD_GOOD]

    assert "banned" in house.failure()
    house.clock.seconds += BAN - 1
    assert "banned" in house.failure()
    house.clock.seconds += 1

    assert house.client.version() == "2.8.19"


def test_a_session_that_is_lost_is_renewed_once(house: House) -> None:
    house.login = [NEW_GOOD, NEW_GOOD]
    house.client.version()
    lost = iter([Reply(403)])
    answer = house.web.answer
    house.web.answer = lambda asked: next(lost, None) or answer(asked)

    assert house.client.version() == "2.8.19"
    assert house.logins() == 2


def test_a_login_without_effect_does_not_storm(house: House) -> None:
    house.login = [Reply(200, b"Ok.")]  # and no cookie

    assert "does a proxy drop its cookie" in house.failure()
    house.failure()

    assert house.logins() == 1


def test_a_server_in_trouble_does_not_count_as_a_refusal(house: House) -> None:
    house.login = [Reply(502), OLD_GOOD]

    assert house.failure() == "qBittorrent answered with status 502."
    assert house.client.version() == "2.8.19"


def test_a_refused_host_name_is_not_about_the_password(house: House) -> None:
    house.web.answer = lambda _asked: Reply(401)

    assert "port has to be the one" in house.failure()
    assert house.logins() == 0


def test_no_ids_is_no_question(house: House) -> None:
    assert house.client.torrents([]) == []
    assert house.web.asked == []


def test_ids_are_asked_for_by_name_and_odd_rows_are_left_out(house: House) -> None:
    house.needs_cookie = False

    assert house.client.torrents(["a", "b"]) == [{"hash": "ab" * 20}]
    assert house.web.asked[0].query == {"hashes": "a|b"}


def test_many_ids_are_asked_for_in_several_questions(house: House) -> None:
    house.needs_cookie = False
    ids = [f"{number:040x}" for number in range(2 * BATCH + 1)]

    house.client.torrents(ids)

    asked = [each.query["hashes"].split("|") for each in house.web.asked]
    assert [len(batch) for batch in asked] == [BATCH, BATCH, 1]
    assert [id_ for batch in asked for id_ in batch] == ids


def test_all_torrents_are_asked_for_without_a_filter(house: House) -> None:
    house.needs_cookie = False

    house.client.all_torrents()

    assert house.web.asked[0].query == {}


def test_something_else_than_a_list_is_refused(house: House) -> None:
    house.web.answer = lambda _asked: Reply(200, b'{"error": "no"}')

    with pytest.raises(ClientError, match="no list of torrents"):
        house.client.torrents(["a"])


def test_the_path_of_a_reverse_proxy_is_kept(house: House) -> None:
    client = QbittorrentClient("qBittorrent", f"{house.web.url}/qbt/", "karla", "open sesame")
    house.web.answer = lambda _asked: Reply(200, b"2.8.19")

    client.version()
    client.close()

    assert house.web.paths() == ["/qbt/api/v2/app/webapiVersion"]


@pytest.mark.parametrize(("said", "is_slowed"), [(b"1", True), (b"0", False), (b"", False)])
def test_its_speed_limits_are_a_bare_number(house: House, said: bytes, is_slowed: bool) -> None:
    house.web.answer = lambda _asked: Reply(200, said)

    assert house.client.is_slowed() is is_slowed
    assert house.web.paths() == ["/api/v2/transfer/speedLimitsMode"]


@pytest.mark.parametrize(
    ("said", "is_connected"),
    [
        (b'{"connection_status": "connected"}', True),
        (b'{"connection_status": "firewalled"}', True),
        (b'{"connection_status": "disconnected"}', False),
        (b"{}", True),
    ],
)
def test_only_without_any_way_out_it_is_disconnected(house: House, said: bytes, is_connected: bool) -> None:
    house.web.answer = lambda _asked: Reply(200, said)

    assert house.client.is_connected() is is_connected
    assert house.web.paths() == ["/api/v2/transfer/info"]


@pytest.mark.parametrize(
    ("said", "free"),
    [
        (b'{"server_state": {"free_space_on_disk": 0}}', 0),
        (b'{"server_state": {"free_space_on_disk": 52428800}}', 52_428_800),
        (b'{"server_state": {"free_space_on_disk": -1}}', None),
        (b'{"server_state": {"free_space_on_disk": true}}', None),
        (b'{"server_state": []}', None),
        (b"{}", None),
    ],
)
def test_free_space_is_told_in_bytes_or_not_at_all(house: House, said: bytes, free: int | None) -> None:
    house.web.answer = lambda _asked: Reply(200, said)

    assert house.client.free_space() == free
    assert house.web.paths() == ["/api/v2/sync/maindata"]


def test_something_else_than_an_object_is_refused(house: House) -> None:
    house.web.answer = lambda _asked: Reply(200, b"[]")

    with pytest.raises(ClientError, match="no object"):
        house.client.is_connected()
