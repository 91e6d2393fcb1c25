"""Workbooks put under a password for the tests, as Excel does it; independent of what decrypts them."""

import hashlib
import io
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
from msoffcrypto.method.ecma376_agile import ECMA376Agile
from olefile import OleFileIO

SALT = bytes(range(16))
_VERIFIER = b"sixteen bytes ok"
# records that are never encrypted, and the entry of a sheet, whose first four bytes are not
_PLAIN = {0x809, 0x2F, 0xE1, 0x194, 0x195, 0x196, 0x138}
_BOUND_SHEET, _WRITE_ACCESS, _FILE_PASS = 0x85, 0x5C, 0x2F


def agile(raw: bytes, password: str) -> bytes:
    """Return an .xlsx file under a password as Excel saves it since 2010."""
    # Excel turns a hundred thousand times, which would take the tests half a minute
    made: bytes = ECMA376Agile.encrypt(password, io.BytesIO(raw), spin_count=500)
    return made


def standard(raw: bytes, password: str) -> bytes:
    """Return an .xlsx file under a password as Excel 2007 and WPS save it (AES-128, ECB)."""
    hashed = hashlib.sha1(SALT + password.encode("utf-16-le")).digest()
    for number in range(50_000):
        hashed = hashlib.sha1(struct.pack("<I", number) + hashed).digest()
    hashed = hashlib.sha1(hashed + bytes(4)).digest()
    key = hashlib.sha1(bytes(0x36 ^ (hashed[i] if i < 20 else 0) for i in range(64))).digest()[:16]

    def encrypted(content: bytes) -> bytes:
        padded = content + bytes(-len(content) % 16)
        return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(padded)

    provider = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    header = struct.pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + provider
    verifier = struct.pack("<I", 16) + SALT + encrypted(_VERIFIER)
    verifier += struct.pack("<I", 20) + encrypted(hashlib.sha1(_VERIFIER).digest())
    info = struct.pack("<HHII", 4, 2, 0x24, len(header)) + header + verifier
    out = io.BytesIO()
    ECMA376Encrypted(struct.pack("<Q", len(raw)) + encrypted(raw), info).write_to(out)
    return out.getvalue()


def _rc4(key: bytes, content: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _old_keys(password: str) -> Callable[[int], bytes]:
    """Return the key of each block of 1,024 bytes (MS-OFFCRYPTO 2.3.6.2)."""
    first = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    base = hashlib.md5((first + SALT) * 16).digest()[:5]
    return lambda block: hashlib.md5(base + struct.pack("<I", block)).digest()


def _new_keys(password: str) -> Callable[[int], bytes]:
    """Return the key of each block, of 128 bits (MS-OFFCRYPTO 2.3.5.2)."""
    base = hashlib.sha1(SALT + password.encode("utf-16-le")).digest()
    return lambda block: hashlib.sha1(base + struct.pack("<I", block)).digest()[:16]


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    start = 0
    while start + 4 <= len(stream):
        number, size = struct.unpack_from("<HH", stream, start)
        yield number, start, size
        start += 4 + size


def old_xls(path: Path, password: str, *, by_api: bool) -> bytes:
    """Return an .xls file under a password: RC4 as Excel 97 has it, or `by_api` as Excel 2002 has it.

    The description takes the place of the record with the name of the writer, so that nothing moves.
    """
    keys = (_new_keys if by_api else _old_keys)(password)
    hashed = (hashlib.sha1 if by_api else hashlib.md5)(_VERIFIER).digest()
    sealed = _rc4(keys(0), _VERIFIER + hashed)
    if by_api:
        header = struct.pack("<IIIIIIII", 4, 0, 0x6801, 0x8004, 128, 1, 0, 0) + b"\0\0"
        sealed = struct.pack("<I", 16) + SALT + sealed[:16] + struct.pack("<I", 20) + sealed[16:]
        told = struct.pack("<HHHII", 1, 2, 2, 4, len(header)) + header + sealed
    else:
        told = struct.pack("<HHH", 1, 1, 1) + SALT + sealed
    whole = io.BytesIO(path.read_bytes())
    ole = OleFileIO(whole, write_mode=True)
    stream = bytearray(ole.openstream("Workbook").read())
    place, size = next((start, size) for number, start, size in _records(stream) if number == _WRITE_ACCESS)
    rest = size - len(told) - 4
    assert rest >= 0
    stream[place : place + 4 + size] = (
        struct.pack("<HH", _FILE_PASS, len(told))
        + told
        + struct.pack("<HH", _WRITE_ACCESS, rest)
        + b" " * rest
    )
    plain = bytes(stream)
    blocks = range(0, len(plain), 1024)
    stream = bytearray(b"".join(_rc4(keys(at // 1024), plain[at : at + 1024]) for at in blocks))
    for number, start, size in _records(plain):
        kept = 4 + (size if number in _PLAIN else 4 if number == _BOUND_SHEET else 0)
        stream[start : start + kept] = plain[start : start + kept]
    ole.write_stream("Workbook", bytes(stream))
    return whole.getvalue()
