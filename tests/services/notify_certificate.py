"""A certificate for a mail server on the loopback address, made anew for each run.

Self-signed, elliptic curve P-256, for a day; made here because the standard library can
check certificates but not make them. Never for anything but a test: the arithmetic is not
guarded against onlookers.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Point = tuple[int, int] | None

EC_PUBLIC_KEY = bytes.fromhex("06072a8648ce3d0201")
PRIME256V1 = bytes.fromhex("06082a8648ce3d030107")
ECDSA_WITH_SHA256 = bytes.fromhex("06082a8648ce3d040302")
COMMON_NAME = bytes.fromhex("0603550403")
ALTERNATIVE_NAMES = bytes.fromhex("0603551d11")


def write_certificate(folder: Path, address: str = "127.0.0.1") -> tuple[Path, Path]:
    """The files of a certificate for an address, and of its key."""
    private = secrets.randbelow(N - 1) + 1
    public = _octets(_times(private, G))
    algorithm = _sequence(ECDSA_WITH_SHA256)
    name = _sequence(_tagged(0x31, _sequence(COMMON_NAME, _tagged(0x0C, b"test"))))
    now = datetime.now(UTC)
    alternative = _sequence(_tagged(0x87, IPv4Address(address).packed))
    unsigned = _sequence(
        _tagged(0xA0, _integer(2)),
        _integer(secrets.randbits(64)),
        algorithm,
        name,
        _sequence(_time(now - timedelta(hours=1)), _time(now + timedelta(days=1))),
        name,
        _sequence(_sequence(EC_PUBLIC_KEY, PRIME256V1), _bits(public)),
        _tagged(0xA3, _sequence(_sequence(ALTERNATIVE_NAMES, _tagged(0x04, alternative)))),
    )
    certificate = _sequence(unsigned, algorithm, _bits(_signature(unsigned, private)))
    key = _sequence(
        _integer(1),
        _tagged(0x04, private.to_bytes(32)),
        _tagged(0xA0, PRIME256V1),
        _tagged(0xA1, _bits(public)),
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_text(_pem("CERTIFICATE", certificate), encoding="ascii")
    files[1].write_text(_pem("EC PRIVATE KEY", key), encoding="ascii")
    return files


def _signature(signed: bytes, private: int) -> bytes:
    digest = int.from_bytes(hashlib.sha256(signed).digest())
    once = secrets.randbelow(N - 1) + 1
    point = _times(once, G)
    assert point is not None
    r = point[0] % N
    s = pow(once, -1, N) * (digest + r * private) % N
    return _sequence(_integer(r), _integer(s))


def _plus(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % P == 0:
        return None
    if one == other:
        slope = 3 * (one[0] ** 2 - 1) * pow(2 * one[1], -1, P)  # P-256: a = -3
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P)
    x = (slope**2 - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def _times(factor: int, point: Point) -> Point:
    total: Point = None
    while factor:
        if factor & 1:
            total = _plus(total, point)
        point = _plus(point, point)
        factor >>= 1
    return total


def _octets(point: Point) -> bytes:
    assert point is not None
    return b"\x04" + point[0].to_bytes(32) + point[1].to_bytes(32)


def _tagged(tag: int, content: bytes) -> bytes:
    """DER: tag, length, content."""
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(size)]) + size + content


def _sequence(*parts: bytes) -> bytes:
    return _tagged(0x30, b"".join(parts))


def _integer(value: int) -> bytes:
    return _tagged(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def _bits(content: bytes) -> bytes:
    return _tagged(0x03, b"\x00" + content)


def _time(instant: datetime) -> bytes:
    return _tagged(0x17, instant.strftime("%y%m%d%H%M%SZ").encode())


def _pem(kind: str, der: bytes) -> str:
    return f"-----BEGIN {kind}-----\n{base64.encodebytes(der).decode()}-----END {kind}-----\n"
