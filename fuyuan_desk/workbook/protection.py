"""Office files under a password, decrypted in memory; runs in the sandbox process only."""

import io
import struct
from collections.abc import Iterator
from typing import Any

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# with it Excel encrypts a workbook that is only protected against changes; everybody's Excel opens it
_EVERYBODYS = "VelvetSweatshop"
_FILE_PASS, _BOUND_SHEET = 0x2F, 0x85
# BOF, UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead are never encrypted (MS-XLS 2.2.10)
_PLAIN = frozenset((0x809, 0x194, 0x195, 0xE1, 0x196, 0x138))
_RC4_BLOCK = 1024


class Locked(InvalidInput):
    """The file is protected by a password, which is missing or wrong."""


def is_encrypted(raw: bytes) -> bool:
    """Return whether a file is a workbook of today's format under a password."""
    return raw.startswith(_OLE) and _PACKAGE in raw


def is_encrypted_xls(raw: bytes) -> bool:
    """Return whether a file is an old workbook under a password."""
    if not raw.startswith(_OLE):
        return False
    from olefile import OleFileIO

    try:
        with OleFileIO(io.BytesIO(raw)) as ole, ole.openstream("Workbook") as stream:
            return any(_file_pass(stream.read()))
    except (OSError, ValueError, struct.error, IndexError, TypeError, AttributeError):  # the file is damaged
        return False


def unlocked(name: str, raw: bytes, password: str) -> bytes:
    """Return a protected workbook decrypted (ECMA-376 agile and standard; RC4 of .xls); nothing is written to a disk.

    Raises `Locked` when the password is missing ("") or wrong, `InvalidInput` when none could help.
    """
    import logging  # 6 ms that only a protected file needs

    # its debug messages would contain the password
    logging.getLogger("msoffcrypto").setLevel(logging.CRITICAL)
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import InvalidKeyError

    try:
        office: Any = OfficeFile(io.BytesIO(raw))
        check = {"verify_password": True} if office.format == "ooxml" else {}
        for tried in filter(None, (password, _EVERYBODYS)):
            try:
                office.load_key(password=tried, **check)
            except InvalidKeyError:
                continue
            return _decrypted_package(office) if check else _decrypted_xls(office, raw)
    except MemoryError:
        raise
    except Exception as problem:  # a damaged description of the protection fails in any way
        raise _hopeless(name) from problem
    raise _wrong(name) if password else _missing(name)


def _decrypted_package(office: Any) -> bytes:
    package = io.BytesIO()
    # the older kind has no checksum of its own; those of the zip inside are verified for both
    office.decrypt(package, verify_integrity=office.type == "agile")
    return package.getvalue()


def _decrypted_xls(office: Any, raw: bytes) -> bytes:
    # not by `office.decrypt`, which writes to the temporary folder
    from msoffcrypto.method.rc4 import DocumentRC4
    from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
    from olefile import OleFileIO

    office.data.workbook.seek(0)
    stream = office.data.workbook.read()
    if office.type == "rc4":
        found = DocumentRC4.decrypt(office.key, office.salt, io.BytesIO(stream), blocksize=_RC4_BLOCK)
    elif office.type == "rc4_cryptoapi":
        found = DocumentRC4CryptoAPI.decrypt(
            office.key, office.salt, office.keySize, io.BytesIO(stream), blocksize=_RC4_BLOCK
        )
    else:
        raise NotImplementedError(office.type)
    content = bytearray(found.read())
    for start, end in _plain_parts(stream):
        content[start:end] = stream[start:end]
    for start, end in _file_pass(stream):
        content[start:end] = b"\0\0" + stream[start + 2 : start + 4] + bytes(end - start - 4)
    whole = io.BytesIO(raw)
    OleFileIO(whole, write_mode=True).write_stream("Workbook", bytes(content))
    return whole.getvalue()


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the number, the first byte and the end of each record of a BIFF stream."""
    start = 0
    while start + 4 <= len(stream):
        number, size = struct.unpack_from("<HH", stream, start)
        yield number, start, start + 4 + size
        start += 4 + size


def _plain_parts(stream: bytes) -> Iterator[tuple[int, int]]:
    for number, start, end in _records(stream):
        # of a sheet's entry, the position of the sheet is not encrypted either
        yield start, end if number in _PLAIN else start + (8 if number == _BOUND_SHEET else 4)


def _file_pass(stream: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the record stands that says the file is encrypted."""
    for number, start, end in _records(stream):
        if number == _FILE_PASS:
            yield start, end
            return


# ---- refusals ----


def _missing(name: str) -> Locked:
    return Locked(
        _(
            "The file {name} is protected by a password. Enter it, or ask whoever sent the file for it."
        ).format(name=name)
    )


def _wrong(name: str) -> Locked:
    return Locked(
        _("This is not the password of {name}. Upper and lower case count: type it again.").format(name=name)
    )


def _hopeless(name: str) -> InvalidInput:
    return InvalidInput(
        _(
            "The file {name} is protected by a password, but damaged or protected in a way that only its own program "
            "opens. Open it there, remove the password, save it as a new .xlsx file, and choose that."
        ).format(name=name)
    )
