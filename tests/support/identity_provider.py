"""A bureau's identity provider on the loopback address: OpenID Connect as far as a login needs.

It checks what a real one checks (client, secret, redirect URI, PKCE, a code once), signs with
an RSA key of its own, and can be made to answer wrongly in one point.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "bianque"
SECRET = "the provider's own/+%"  # noqa: S105 - a test's own
HOUR = 3600
Answer = tuple[int, dict[str, str], bytes]


def new_key() -> RSAKey:
    """A key with a name of its own."""
    return RSAKey.generate_key(2048, {"kid": token_urlsafe(8), "use": "sig"})


class IdentityProvider:
    """What it says of itself and of the person who logs in; tests change it."""

    def __init__(self, redirect_uri: str) -> None:
        self.redirect_uri = redirect_uri
        self.url = ""
        self.key = new_key()
        self.over = threading.Event()
        self.mend()

    def mend(self) -> None:
        """Right in every point again, and nobody was here."""
        self.person: dict[str, Any] = {"sub": "u-1001", "preferred_username": "li.na"}
        self.signs_with: RSAKey | None = None  # else than the key it publishes
        self.algorithm = "RS256"
        self.described: dict[str, Any] = {}  # over what it says of itself
        self.claims: dict[str, Any] = {}  # over what the token says; None: left out
        self.answers: dict[str, tuple[int, bytes]] = {}  # a path's answer, whatever was asked
        self.secret_in = "client_secret_basic"  # noqa: S105 - the way, not the secret
        self.authorized: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def rotate(self) -> None:
        """A new key; the one before counts no longer."""
        self.key = new_key()

    def answer(self, method: str, address: str, form: dict[str, str], basic: str) -> Answer:
        """To one request."""
        path, query = urlsplit(address).path, dict(parse_qsl(urlsplit(address).query))
        if path in self.answers:
            status, body = self.answers[path]
            return status, {"Content-Type": "application/json"}, body
        if path == "/.well-known/openid-configuration":
            return _json(self._document())
        if path == "/keys":
            return _json({"keys": [self.key.as_dict(private=False)]})
        if path == "/authorize":
            return self._authorize(query)
        if path == "/token" and method == "POST":
            return self._token(form, basic)
        return _json({"error": "not_found"}, 404)

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": [self.secret_in],
            **self.described,
        }

    def _authorize(self, query: dict[str, str]) -> Answer:
        """The person is let in at once."""
        self.authorized.append(query)
        wanted = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": self.redirect_uri,
            "code_challenge_method": "S256",
        }
        scopes = query.get("scope", "").split()
        if any(query.get(name) != value for name, value in wanted.items()):
            return _json({"error": "invalid_request"}, 400)
        if "openid" not in scopes or not query.get("state") or not query.get("nonce"):
            return _json({"error": "invalid_request"}, 400)
        code = token_urlsafe(16)
        self._codes[code] = query
        back = urlencode({"code": code, "state": query["state"]})
        return 302, {"Location": f"{self.redirect_uri}?{back}"}, b""

    def _token(self, form: dict[str, str], basic: str) -> Answer:
        if self._secret_of(form, basic) != (CLIENT, SECRET):
            return _json({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            return _json({"error": "invalid_grant"}, 400)
        if form.get("redirect_uri") != self.redirect_uri:
            return _json({"error": "invalid_grant"}, 400)
        token = self._signed(asked["nonce"])
        return _json({"access_token": token_urlsafe(8), "token_type": "Bearer"} | token)

    def _secret_of(self, form: dict[str, str], basic: str) -> tuple[str, str]:
        if self.secret_in == "client_secret_post":  # noqa: S105 - the way, not the secret
            return form.get("client_id", ""), form.get("client_secret", "")
        name, _, secret = basic.partition(":")
        return name, secret

    def _signed(self, nonce: str) -> dict[str, str]:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + HOUR,
            "nonce": nonce,
            **self.person,
            **self.claims,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            parts = [json.dumps(part).encode() for part in ({"alg": "none"}, said)]
            joined = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
            return {"id_token": joined.decode() + "."}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return {"id_token": jwt.encode(header, said, self.signs_with or self.key)}


def _json(said: Any, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(said).encode()


@contextmanager
def an_identity_provider(redirect_uri: str) -> Iterator[IdentityProvider]:
    """A running one."""
    provider = IdentityProvider(redirect_uri)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.over.set()
        listening.shutdown()
        listening.server_close()
        thread.join()


def _handler(provider: IdentityProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Hands each request on."""

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = dict(parse_qsl(self.rfile.read(length).decode()))
            kind, _, given = (self.headers.get("Authorization") or "").partition(" ")
            basic = base64.b64decode(given).decode() if kind == "Basic" else ""
            status, headers, body = provider.answer(self.command, self.path, form, basic)
            if status == 0:  # it hangs
                provider.over.wait()
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - the standard library's names

    return Handler
