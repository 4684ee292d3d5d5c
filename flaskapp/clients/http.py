"""What all clients share: one session, limits on time and size, and one exception that shows no secret."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import gevent
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from flaskapp.clients.failure import Failure, failure_of

CONNECT, READ = 3.0, 30.0
"""Seconds to connect, and between two bytes: thousands of torrents make a healthy server slow."""
PATIENCE = 60.0
"""Seconds for a whole answer: a server that drips one byte at a time would hold a loop for ever."""
LARGEST = 64 * 2**20
CHUNK = 64 * 1024


class ClientError(Exception):
    """An exchange failed: one sentence for people, without secrets and addresses; ``failure`` if no answer came."""

    def __init__(self, sentence: str, failure: Failure | None = None) -> None:
        super().__init__(sentence)
        self.failure = failure


@dataclass(frozen=True)
class Answer:
    """What a server answered; ``content`` is unpacked, ``location`` is where it sends us on to."""

    status: int
    content: bytes
    media_type: str
    location: str = ""

    @property
    def text(self) -> str:
        """Give the content as one line of text."""
        return self.content.decode("utf-8", "replace").strip()


class Client:
    """Asks one service below one address. ``name`` is for people; ``most`` bytes may come in one answer.

    ``adapter`` makes the connections, where not every one may be made. ``patience`` are the seconds for a whole answer.
    """

    def __init__(
        self,
        name: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        most: int = LARGEST,
        adapter: HTTPAdapter | None = None,
    ) -> None:
        self.name, self._url, self._most = name, url.rstrip("/"), most
        self.patience = PATIENCE
        self._session = requests.Session()
        # A proxy or a .netrc of the machine is not meant for a service in the house.
        self._session.trust_env = False
        self._session.headers.update({"User-Agent": "Arrivarr", **(headers or {})})
        if adapter is not None:
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, adapter)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()

    def get_json(self, path: str, params: Mapping[str, str] | None = None) -> object:
        """Ask for JSON; any answer but a good one is a ``ClientError``."""
        return self.read_json(self.send("GET", path, params=params))

    def read_json(self, answer: Answer) -> object:
        """Read a good answer as JSON."""
        self.expect_good(answer)
        try:
            return json.loads(answer.content)
        except (ValueError, RecursionError):
            raise ClientError(f"{self.name} answered something that is not JSON: is its address right?") from None

    def expect_good(self, answer: Answer) -> None:
        """Refuse what is not a good answer, in words that say what to do."""
        if 300 <= answer.status < 400:
            raise ClientError(f"{self.name} sends us on to another address: is the path in its address right?")
        if answer.status in (401, 403):
            raise ClientError(f"{self.name} refuses our key ({answer.status}).")
        if answer.status >= 400:
            raise ClientError(f"{self.name} answered with status {answer.status}.")

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        resource: Mapping[str, object] | None = None,
    ) -> Answer:
        """Make one exchange within the limits of time and size; never follow to another address with our key.

        A ``form`` is sent as HTML does, a ``resource`` as JSON.
        """
        url = f"{self._url}/{path}" if path else self._url
        with (
            self._limits(),
            self._session.request(
                method,
                url,
                params=params,
                data=form,
                json=resource,
                timeout=(CONNECT, min(READ, self.patience)),
                stream=True,
                allow_redirects=False,
            ) as response,
        ):
            media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            location = response.headers.get("Location", "")
            return Answer(response.status_code, self._read(response), media_type, location)

    @contextmanager
    def _limits(self) -> Iterator[None]:
        """Say in one sentence how an exchange failed; texts of ``requests`` hold addresses, so none is passed on."""
        try:
            with gevent.Timeout(self.patience, ClientError(f"{self.name} answers too slowly.", Failure.LATE)):
                yield
        except requests.Timeout as error:
            raise ClientError(f"{self.name} does not answer in time.", failure_of(error)) from None
        except requests.exceptions.SSLError as error:
            raise ClientError(f"{self.name} shows a certificate that we can't trust.", failure_of(error)) from None
        except requests.ConnectionError as error:
            failure = failure_of(error)
            how = "does not answer in time" if failure is Failure.LATE else "can't be reached"
            raise ClientError(f"{self.name} {how}.", failure) from None
        except (requests.RequestException, HTTPError, OSError, ValueError):
            sentence = f"{self.name} can't be understood: the answer broke off or is no HTTP."
            raise ClientError(sentence, Failure.BROKEN_OFF) from None

    def _read(self, response: requests.Response) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) > self._most:
                raise ClientError(f"{self.name} sends more than {self._most // 2**20} MiB.")
        return bytes(content)
