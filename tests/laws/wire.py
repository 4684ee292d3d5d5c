"""What the clients of this process ask goes to apps in this process, by the name of the host: no socket is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from functools import cache
from io import BytesIO
from typing import Any
from unittest.mock import patch

import requests
from flask import Flask
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.test import Client


class Wire:
    """``makers`` of apps by host name; who is never asked is never made. Any other host is a mistake, and fails."""

    def __init__(self, makers: Mapping[str, Callable[[], Flask]]) -> None:
        self._app_of: Callable[[str], Flask] = cache(lambda host: makers[host]())

    @contextmanager
    def plugged_in(self) -> Iterator[None]:
        """Take the place of the network."""
        carry = self._carry

        def send(adapter: HTTPAdapter, question: requests.PreparedRequest, **_how: Any) -> requests.Response:
            return adapter.build_response(question, carry(question))

        with patch.object(HTTPAdapter, "send", send):
            yield

    def _carry(self, question: requests.PreparedRequest) -> HTTPResponse:
        _, _, rest = (question.url or "").partition("://")
        host, _, path = rest.partition("/")
        with Client(self._app_of(host), use_cookies=False).open(
            f"/{path}",
            base_url=f"http://{host}",
            method=question.method,
            headers=list(question.headers.items()),
            data=question.body,
        ) as answer:
            headers = list(answer.headers.items())
            return HTTPResponse(
                BytesIO(answer.data),
                HTTPHeaderDict(headers),
                answer.status_code,
                preload_content=False,
                original_response=_Headers(headers),  # type: ignore[arg-type]  # cookies are looked for there
            )


class _Headers:
    """As much of an answer of the standard library as a jar of cookies looks at."""

    def __init__(self, headers: Iterable[tuple[str, str]]) -> None:
        self.msg = Message()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        """Tell that all is read."""
        return True

    def close(self) -> None:
        """Have nothing to close."""
