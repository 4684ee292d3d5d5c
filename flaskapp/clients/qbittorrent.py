"""qBittorrent's Web API as a reader needs it: log in without being banned, and ask for torrents by their ids."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from flaskapp.clients.http import Answer, Client, ClientError

BATCH = 150
"""Ids in one question: its address stays below the 8 KiB that reverse proxies allow."""
PAUSE, LONGEST_PAUSE = 600.0, 86_400.0
"""Seconds without a login after a refusal, growing: five refusals ban the whole address for an hour."""
BAN = 3600.0


class QbittorrentClient(Client):
    """Asks one qBittorrent, 4.1 to 5.x. User and password may be empty where it trusts our address."""

    def __init__(
        self,
        name: str,
        url: str,
        username: str = "",
        password: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(name, f"{url.rstrip('/')}/api/v2")
        self._credentials = {"username": username, "password": password}
        self._clock = clock
        self._refusals = 0
        self._no_login_before = clock()
        self._refused: ClientError | None = None

    def version(self) -> str:
        """Give the version of the Web API: a cheap way to see that we may ask."""
        return self._ask("app/webapiVersion").text

    def application_version(self) -> str:
        """Give the version that people know it by: ``5.1.2``."""
        return self._ask("app/version").text.strip().removeprefix("v")

    def torrents(self, ids: Sequence[str]) -> list[dict[str, object]]:
        """Give the torrents with these ids; without ids nothing is asked, as no filter would mean all."""
        batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
        return [row for batch in batches for row in self._list({"hashes": "|".join(batch)})]

    def all_torrents(self) -> list[dict[str, object]]:
        """Give every torrent: a second of the server's only thread when there are thousands."""
        return self._list({})

    def is_slowed(self) -> bool:
        """Tell whether it keeps to its alternative speed limits."""
        return self._ask("transfer/speedLimitsMode").text == "1"

    def is_connected(self) -> bool:
        """Tell whether it has a way to the internet; behind a firewall it still has one."""
        return self._object("transfer/info").get("connection_status") != "disconnected"

    def free_space(self) -> int | None:
        """Give the free bytes where it saves by default: as costly as asking for every torrent."""
        state = self._object("sync/maindata").get("server_state")
        free = state.get("free_space_on_disk") if isinstance(state, dict) else None
        return free if isinstance(free, int) and not isinstance(free, bool) and free >= 0 else None

    def _object(self, path: str) -> dict[str, object]:
        answer = self.read_json(self._ask(path))
        if not isinstance(answer, dict):
            raise ClientError(f"{self.name} answered something that is no object.")
        return answer

    def _list(self, params: dict[str, str]) -> list[dict[str, object]]:
        rows = self.read_json(self._ask("torrents/info", params))
        if not isinstance(rows, list):
            raise ClientError(f"{self.name} answered something that is no list of torrents.")
        return [row for row in rows if isinstance(row, dict)]

    def _ask(self, path: str, params: dict[str, str] | None = None) -> Answer:
        """Ask, and once more after a login where there is no session (any more)."""
        answer = self.send("GET", path, params=params)
        if answer.status == 403:
            self._log_in()
            answer = self.send("GET", path, params=params)
            if answer.status == 403:
                raise self._hold(f"{self.name} lets us log in but not ask: does a proxy drop its cookie?", PAUSE)
        if answer.status == 401:
            raise ClientError(
                f"{self.name} refuses the host name or port in our address (not the password): "
                "the port has to be the one its Web UI listens on."
            )
        self.expect_good(answer)
        self._refusals, self._refused = 0, None
        return answer

    def _log_in(self) -> None:
        if not self._credentials["username"]:
            raise ClientError(f"{self.name} wants a login: it needs a user name and a password.")
        if self._refused is not None and self._clock() < self._no_login_before:
            raise self._refused
        answer = self.send("POST", "auth/login", form=self._credentials)
        # Up to 5.1: 200 and "Ok." or "Fails."; since 5.2: 204 or 401. Our question came through with 403 just now,
        # so a 401 here is about the password and not about the Host.
        if answer.status == 204 or (answer.status == 200 and answer.text == "Ok."):
            return
        if answer.status == 403:
            raise self._hold(f"{self.name} has banned our address after failed logins: we wait for an hour.", BAN)
        if answer.status in (200, 401):
            self._refusals += 1
            pause = min(LONGEST_PAUSE, PAUSE * 4 ** (self._refusals - 1))
            raise self._hold(f"{self.name} refuses the user name or password: we stop logging in for a while.", pause)
        self.expect_good(answer)
        raise ClientError(f"{self.name} answered our login with status {answer.status}.")

    def _hold(self, sentence: str, pause: float) -> ClientError:
        """Log in no more for a while; questions still go out, since a session or our address may be trusted again."""
        self._no_login_before = self._clock() + pause
        self._refused = ClientError(sentence)
        return self._refused
