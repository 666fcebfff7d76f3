"""Words and files that only this installation can read: sealed at rest, found by a keyed hash.

The same word is sealed the same way under the same key (AES-SIV, RFC 5297), so that a change can
be seen without opening anything. A sealed word names its key, so that keys can be replaced:
the first key seals, all of them open.
"""

from __future__ import annotations

import binascii
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

SHORTEST = 40  # letters of a key: 160 random bits, if they are hexadecimal
HASH_BYTES = 16


class KeysBroken(Exception):
    """Keys that cannot be used, or a word sealed under a key that is not among them."""


@dataclass(frozen=True)
class _Key:
    name: str
    cipher: AESSIV
    hashing: bytes


class Seals:
    """Seals, opens and hashes words with the keys of an installation."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """*keys*: random words by name; the first one seals."""
        self._keys = {name: _derived(name, secret) for name, secret in keys.items()}
        self._first = next(iter(self._keys.values()))

    @classmethod
    def parse(cls, text: str) -> Seals:
        """From `NAME:KEY` for each key, parted by commas, blanks or line ends.

        Raises KeysBroken.
        """
        keys: dict[str, str] = {}
        for word in text.replace(",", " ").split():
            name, _, secret = word.partition(":")
            if not name.isalnum() or len(secret) < SHORTEST or name in keys:
                raise KeysBroken(
                    f"each key is NAME:KEY with a name of its own and at least {SHORTEST} random "
                    "letters and digits, e.g. k1: and what `openssl rand -hex 32` prints"
                )
            keys[name] = secret
        if not keys:
            raise KeysBroken("no key is given")
        return cls(keys)

    def seal(self, word: str) -> str:
        """The word as it is kept."""
        sealed = self._first.cipher.encrypt(word.encode(), None)
        return f"{self._first.name}:{urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str) -> str:
        """The word itself. Raises KeysBroken."""
        name, _, encoded = sealed.partition(":")
        return self._opened(name, _decoded(encoded), None).decode()

    def seal_piece(self, piece: bytes, *, place: str) -> bytes:
        """A piece of a file as it is kept. It opens only in the place that it was sealed for."""
        return self.mark.encode() + self._first.cipher.encrypt(piece, [place.encode()])

    def open_piece(self, sealed: bytes, *, place: str) -> bytes:
        """The piece itself. Raises KeysBroken."""
        name, _, encrypted = sealed.partition(b":")
        return self._opened(name.decode("ascii", "replace"), encrypted, [place.encode()])

    def _opened(self, name: str, encrypted: bytes, place: list[bytes] | None) -> bytes:
        key = self._keys.get(name)
        if key is None:
            raise KeysBroken(f"something was sealed under the key {name!r}, which is not given")
        try:
            return key.cipher.decrypt(encrypted, place)
        except InvalidTag:
            raise KeysBroken(
                f"the key {name!r} is not the one that something was sealed under"
            ) from None

    def hash(self, word: str) -> str:
        """What finds the word again without opening anything."""
        return blake2b(
            word.encode(), key=self._first.hashing, digest_size=HASH_BYTES
        ).hexdigest()

    @property
    def mark(self) -> str:
        """What everything begins with that is sealed under the first key."""
        return f"{self._first.name}:"


def kept_in(path: Path) -> Seals:
    """The keys of a file, made once and readable by this user only. Raises KeysBroken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Seals.parse(path.read_text(encoding="ascii"))
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(new_key("k1") + "\n")
    return Seals.parse(path.read_text(encoding="ascii"))


def new_key(name: str) -> str:
    """A fresh key, as it stands in the settings."""
    return f"{name}:{token_hex(32)}"


def _derived(name: str, secret: str) -> _Key:
    """Two keys for two purposes, of which neither tells the other."""
    sealing = blake2b(secret.encode(), person=b"seal", digest_size=64).digest()
    hashing = blake2b(secret.encode(), person=b"hash", digest_size=32).digest()
    return _Key(name, AESSIV(sealing), hashing)


def _decoded(encoded: str) -> bytes:
    try:
        return urlsafe_b64decode(encoded)
    except (binascii.Error, ValueError):
        return b""
