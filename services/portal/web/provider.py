"""The bureau's own identity provider: OpenID Connect, the code flow with PKCE, by Authlib.

What the provider says of itself, its keys too, is asked anew at each login: a key that it took
out of use counts no longer, and nothing here is restarted when it changes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
import structlog
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App

from services.chassis.settings import Settings
from services.chassis.source import nobody_listens
from services.portal.store.users import is_account

log = structlog.get_logger()

NAME = "provider"
DISCOVERY = "/.well-known/openid-configuration"
SECONDS = 5.0  # a login is not worth waiting longer for: a password works meanwhile
LEEWAY_SECONDS = 60  # that the provider's clock may differ
PLACES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Signed with a key of the provider's alone; never unsigned, never with what both know.
ALGORITHMS = [f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512)]
# In the form first: how a secret with a % is spelled in the header, providers do not agree.
WAYS_TO_SHOW_THE_SECRET = ("client_secret_post", "client_secret_basic")
USUAL_WAY = (
    "client_secret_basic",
)  # of a provider that does not say (OpenID Discovery 1.0, 3)


class ProviderAway(Exception):
    """The provider could not be reached, or did not answer as one in time."""


class ProviderRefused(Exception):
    """What the provider answered is not to be believed."""


@dataclass(frozen=True)
class Attempt:
    """A login that went to the provider: what must come back, and what only this side knows."""

    url: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """The provider of the settings, which must name one."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = str(settings.oidc_issuer)
        self._id = str(settings.oidc_client_id)
        self._secret = str(settings.oidc_client_secret)
        self._claim = settings.oidc_claim
        # Of the settings, never of the request: a forged Host must not lead the code elsewhere.
        self._back = f"{settings.portal_address}/login/outside/back"

    def begin(self) -> Attempt:
        """Where to send somebody. Raises ProviderAway, ProviderRefused."""
        with _told_apart():
            made = self._client(self._described()).create_authorization_url(self._back)
            return Attempt(made["url"], made["state"], made["nonce"], made["code_verifier"])

    def account(self, code: str, *, nonce: str, verifier: str) -> str:
        """Whom the provider names. Raises ProviderAway, ProviderRefused."""
        with _told_apart():
            described = self._described()
            described["jwks"] = _asked(described["jwks_uri"])
            client = self._client(described)
            token = client.fetch_access_token(
                self._back, code=code, code_verifier=verifier, allow_redirects=False
            )
            return self._named(self._claims(client, token, nonce))

    def _claims(self, client: Any, token: Any, nonce: str) -> Mapping[str, Any]:
        wanted = {
            "iss": {"essential": True, "value": self._issuer},
            "aud": {"essential": True, "value": self._id},
        }
        claims: Mapping[str, Any] | None = client.parse_id_token(
            token, nonce, claims_options=wanted, leeway=LEEWAY_SECONDS
        )
        if claims is None:
            raise ProviderRefused("the token endpoint gave no id_token: is the scope openid?")
        return claims

    def _named(self, claims: Mapping[str, Any]) -> str:
        account = claims.get(self._claim)
        if not isinstance(account, str) or not is_account(account):
            raise ProviderRefused(f"the claim {self._claim} is missing or no text of one line")
        return account

    def _described(self) -> dict[str, Any]:
        """The discovery document, as far as it is used."""
        said = _asked(self._issuer.rstrip("/") + DISCOVERY)
        if said.get("issuer") != self._issuer:
            raise ProviderRefused(f"the provider calls itself {said.get('issuer')!r}")
        for place in PLACES:
            if not nobody_listens(str(said.get(place))):
                raise ProviderRefused(f"the provider's {place} is not an https:// address")
        known = said.get("token_endpoint_auth_methods_supported") or USUAL_WAY
        ways = [way for way in WAYS_TO_SHOW_THE_SECRET if way in known]
        if not ways:
            raise ProviderRefused(f"the provider takes a secret in none of the ways {known!r}")
        return {
            "issuer": self._issuer,
            "token_endpoint_auth_method": ways[0],
            "id_token_signing_alg_values_supported": ALGORITHMS,
            **{place: said[place] for place in PLACES},
        }

    def _client(self, described: Mapping[str, Any]) -> Any:
        return FlaskOAuth2App(
            FlaskIntegration(NAME),
            NAME,
            client_id=self._id,
            client_secret=self._secret,
            client_kwargs={
                "scope": "openid profile",
                "code_challenge_method": "S256",
                "default_timeout": SECONDS,
            },
            **described,
        )


def _asked(address: str) -> dict[str, Any]:
    answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
    answer.raise_for_status()
    said = answer.json()
    if not isinstance(said, dict):
        raise ProviderRefused(f"{address} answers no JSON object")
    return said


@contextmanager
def _told_apart() -> Iterator[None]:
    """Away, or not to be believed. The log says what the operator needs to mend it."""
    try:
        yield
    except requests.RequestException as error:
        log.warning("identity_provider_away", reason=_said(error))
        raise ProviderAway from error
    except Exception as error:  # whatever a stranger's answer breaks, it is refused
        log.warning("identity_provider_refused", reason=_said(error))
        raise ProviderRefused from error


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
