"""A small provider of OpenID Connect over real HTTP, which keeps the rules, and breaks one when a test asks for it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.clients.web import Asked, Reply, serve

CLIENT_ID, CLIENT_SECRET = "arrivarr", "a-client-secret"  # made up
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
NAMES = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
ADA = {"sub": "7", "name": "Ada", "email": "Ada@Example.org", "email_verified": True, "groups": ["people"]}

Claims = dict[str, Any]


@dataclass
class OpenIDProvider:
    """``person`` is who signs in there. The rest is what it does otherwise than a good one."""

    url: str = ""
    person: Claims = field(default_factory=lambda: dict(ADA))
    told: Claims = field(default_factory=dict)
    """Goes into the discovery document."""
    claims: Claims = field(default_factory=dict)
    """Goes into the ID token; None takes a claim out."""
    userinfo: Claims = field(default_factory=dict)
    """Goes into its answer to ``/userinfo``; None takes a claim out."""
    id_token: tuple[str, ...] | None = None
    """So much of the person is in the ID token; None is all."""
    sign: Callable[[Claims], str] = field(default_factory=lambda: signed)
    status: dict[str, int] = field(default_factory=dict)
    """Answers of paths instead of the right ones."""
    asked: list[Asked] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _access: set[str] = field(default_factory=set)

    def visit(self, address: str) -> str:
        """Let a browser go there and agree; gives the address to which it is sent back."""
        answer = requests.get(address, timeout=10, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def answer(self, asked: Asked) -> Reply:
        """Answer as the path wants."""
        self.asked.append(asked)
        pages = {
            "/.well-known/openid-configuration": self._discover,
            "/authorize": self._authorize,
            "/token": self._token,
            "/keys": self._keys,
            "/userinfo": self._userinfo,
        }
        if asked.path in self.status:
            return Reply(self.status[asked.path])
        return pages[asked.path](asked) if asked.path in pages else Reply(404)

    def _discover(self, _: Asked) -> Reply:
        paths = dict(zip(NAMES, ("authorize", "token", "keys", "userinfo"), strict=True))
        endpoints = {name: f"{self.url}/{path}" for name, path in paths.items()}
        return reply({"issuer": self.url, **endpoints, **self.told})

    def _authorize(self, asked: Asked) -> Reply:
        query = asked.query
        asks_well = query["response_type"] == "code" and "openid" in query["scope"].split() and query["nonce"]
        if not asks_well or query["client_id"] != CLIENT_ID or query["code_challenge_method"] != "S256":
            return Reply(400, b"This is no good question.")
        code = secrets.token_urlsafe()
        self._codes[code] = query
        back = urlencode({"code": code, "state": query["state"], "iss": self.url})
        return Reply(302, headers={"Location": f"{query['redirect_uri']}?{back}"})

    def _token(self, asked: Asked) -> Reply:
        if not _is_our_client(asked):
            return reply({"error": "invalid_client"}, 401)
        query = self._codes.pop(asked.form.get("code", ""), None)
        proof = hashlib.sha256(asked.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        if query is None or query["code_challenge"] != challenge or asked.form["redirect_uri"] != query["redirect_uri"]:
            return reply({"error": "invalid_grant"}, 400)
        access_token = secrets.token_urlsafe()
        self._access.add(access_token)
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        now = int(time.time())
        person = {key: value for key, value in self.person.items() if self.id_token is None or key in self.id_token}
        claims = person | {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": query["nonce"],
            "sub": self.person["sub"],
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        }
        id_token = self.sign(without_none(claims | self.claims))
        return reply({"token_type": "Bearer", "access_token": access_token, "id_token": id_token})

    def _keys(self, _: Asked) -> Reply:
        return reply(KeySet([KEY]).as_dict(private=False))

    def _userinfo(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization", "").removeprefix("Bearer ") not in self._access:
            return Reply(401)
        return reply(without_none(self.person | self.userinfo))


def reply(told: object, status: int = 200) -> Reply:
    """Answer in JSON."""
    return Reply(status, json.dumps(told).encode(), {"Content-Type": "application/json"})


def without_none(claims: Claims) -> Claims:
    """Leave out what is None."""
    return {name: value for name, value in claims.items() if value is not None}


def signed(claims: Claims, key: RSAKey = KEY, algorithm: str = "RS256") -> str:
    """Sign as a good provider does."""
    return jwt.encode({"alg": algorithm, "kid": "first"}, claims, key, algorithms=[algorithm])


def unsigned(claims: Claims) -> str:
    """Sign with nothing, as attackers do."""
    return ".".join((_part({"alg": "none"}), _part(claims), ""))


def signed_with_the_public_key(claims: Claims) -> str:
    """Take the public key for a shared secret, as attackers do."""
    signing = f"{_part({'alg': 'HS256', 'kid': 'first'})}.{_part(claims)}"
    mac = hmac.digest(KEY.as_pem(private=False), signing.encode(), "sha256")
    return f"{signing}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _part(told: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()


def _is_our_client(asked: Asked) -> bool:
    kind, _, word = asked.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        name, _, secret = base64.b64decode(word).decode().partition(":")
        return (unquote_plus(name), unquote_plus(secret)) == (CLIENT_ID, CLIENT_SECRET)
    return (asked.form.get("client_id"), asked.form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)


def came_back(address: str) -> dict[str, str]:
    """Give what the provider put into the address to which it sent a browser."""
    return dict(parse_qsl(urlsplit(address).query))


@contextmanager
def openid_provider() -> Iterator[OpenIDProvider]:
    """Run a provider on a free port."""
    provider = OpenIDProvider()
    with serve(provider.answer) as web:
        provider.url = web.url
        yield provider
