"""Numbers with check digits, built right but in ranges that nobody has been given."""

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: without I, O, S, V, Z."""
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_VALUES = {character: value for value, character in enumerate(USCC_ALPHABET)}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

ORGANISATIONS = 10_000_000
"""How many organisation codes there are: Y and seven digits."""


def organisation_code(serial: int) -> str:
    """Nine characters of GB 11714; `serial` below ORGANISATIONS.

    They begin with Y: the real ones are digits or begin with M, so no organisation has one.
    """
    body = f"Y{serial:07d}"
    total = sum(
        weight * int(character, 36)
        for weight, character in zip(_ORGANISATION_WEIGHTS, body, strict=True)
    )
    return body + "0123456789X0"[11 - total % 11]


def credit_code(register: str, division: str, organisation: str) -> str:
    """统一社会信用代码: two characters of the register, six, nine, and a check."""
    body = register + division + organisation
    total = sum(
        weight * _USCC_VALUES[character]
        for weight, character in zip(_USCC_WEIGHTS, body, strict=True)
    )
    return body + USCC_ALPHABET[-total % 31]


def identity_number(serial: int) -> str:
    """Looks like a resident's identity number of GB 11643, and can be nobody's.

    The division 999999 does not exist, and the day of birth lies between 1801 and 1830.
    """
    rest, order = divmod(serial, 1000)
    rest, day = divmod(rest, 28)
    year, month = divmod(rest, 12)
    body = f"999999{1801 + year % 30}{month + 1:02d}{day + 1:02d}{order:03d}"
    total = sum(
        weight * int(digit) for weight, digit in zip(_IDENTITY_WEIGHTS, body, strict=True)
    )
    return body + "10X98765432"[total % 11]
