"""A provider of OpenID Connect, asked by its server: what it is, who came back with a code, and by which keys it signs.

OpenID Connect Discovery 1.0 and Core 1.0. Nothing is kept between two questions, so that new keys and moved endpoints
need no restart; a household signs in a few times a month.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from authlib.oauth2.auth import ClientAuth

from flaskapp.clients.http import Client, ClientError

NAME = "The provider of sign-ins"
MOST = 2**20
BASIC, POST = "client_secret_basic", "client_secret_post"


@dataclass(frozen=True)
class Provider:
    """What a provider says of itself. An address that it does not have is empty."""

    issuer: str
    """In its own spelling: tokens are compared with it."""
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    scopes: frozenset[str]
    auth_method: str


@dataclass(frozen=True)
class Tokens:
    """What a code was good for; both are dropped as soon as they are read."""

    id_token: str
    access_token: str


class OpenIDClient:
    """Asks one provider as one client of it."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self._issuer, self._client_id, self._client_secret = issuer, client_id, client_secret

    def discover(self) -> Provider:
        """Ask the provider what it is; one that calls itself otherwise than we do is refused."""
        told = _ask(f"{self._issuer}/.well-known/openid-configuration")
        issuer = _text(told, "issuer")
        if issuer.rstrip("/") != self._issuer:
            raise ClientError(f"{NAME} calls itself otherwise than OIDC_ISSUER: enter the issuer that it shows.")
        endpoints = {
            name: self._endpoint(told, name)
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
        }
        if not all(endpoints[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")):
            raise ClientError(f"{NAME} does not say where people sign in: is OIDC_ISSUER right?")
        # Basic is what the standard expects where nothing is said.
        methods = _words(told, "token_endpoint_auth_methods_supported") or {BASIC}
        method = POST if BASIC not in methods and POST in methods else BASIC
        return Provider(issuer, **endpoints, scopes=_words(told, "scopes_supported"), auth_method=method)

    def exchange(self, provider: Provider, code: str, redirect_uri: str, verifier: str) -> Tokens:
        """Give the tokens for a code; one that is not good (any more) is a ``ClientError``."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        auth = ClientAuth(self._client_id, self._client_secret, provider.auth_method)
        address, headers, body = auth.prepare("POST", provider.token_endpoint, {}, urlencode(form))
        with closing(Client(NAME, address, {"Accept": "application/json", **headers}, MOST)) as client:
            answer = client.send("POST", "", form=dict(parse_qsl(body)))
            if answer.status == 401:
                raise ClientError(f"{NAME} refuses OIDC_CLIENT_ID or OIDC_CLIENT_SECRET.")
            if answer.status == 400:
                raise ClientError(f"{NAME} does not take the code that it gave: sign in anew.")
            told = client.read_json(answer)
        tokens = Tokens(_text(told, "id_token"), _text(told, "access_token"))
        if not tokens.id_token or not tokens.access_token:
            raise ClientError(f"{NAME} does not say who signed in: is the client there one of OpenID Connect?")
        return tokens

    def keys(self, provider: Provider) -> object:
        """Give its public keys, as JSON."""
        return _ask(provider.jwks_uri)

    def userinfo(self, provider: Provider, access_token: str) -> object:
        """Give what it knows of whoever signed in, as JSON; many providers keep their ID tokens short."""
        return _ask(provider.userinfo_endpoint, {"Authorization": f"Bearer {access_token}"})

    def _endpoint(self, told: object, name: str) -> str:
        """Read an address; behind TLS no secret is sent without it."""
        address = _text(told, name)
        schemes = ("https",) if self._issuer.startswith("https:") else ("http", "https")
        if address and urlsplit(address).scheme not in schemes:
            raise ClientError(f"{NAME} names an address that is no {schemes[-1]} one.")
        return address


def _ask(address: str, headers: Mapping[str, str] | None = None) -> object:
    with closing(Client(NAME, address, {"Accept": "application/json", **(headers or {})}, MOST)) as client:
        return client.get_json("")


def _text(told: object, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    return value if isinstance(value, str) else ""


def _words(told: object, name: str) -> frozenset[str]:
    value = told.get(name) if isinstance(told, dict) else None
    return frozenset(word for word in value if isinstance(word, str)) if isinstance(value, list) else frozenset()
