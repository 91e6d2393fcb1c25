"""Put words that a clerk understands into the header of the setup, for what happens before it has a language.

python header.py HEADER     called by makensis through `!packhdr`, on the executable that unpacks the rest
"""

import sys
from pathlib import Path

# each in the header as UTF-16, ended by a zero; the new text may not be longer
WORDS = {
    "Installer integrity check has failed. Common causes include\nincomplete download and damaged media. Contact the\n"
    "installer's author to obtain a new copy.\n\nMore information at:\nhttp://nsis.sf.net/NSIS_Error": (
        "安装文件不完整：没有拷贝完，或 U 盘、下载的文件已损坏。\n请重新拷贝安装文件，再运行一次；本机没有任何改动。"
        "\n\n"
        "This setup file is cut short or damaged. Copy it again, then run it again; nothing was changed."
    ),
    "Error writing temporary file. Make sure your temp folder is valid.": (
        "临时文件夹不能写入。请清理系统盘空间后再试。\nCannot write to the temporary folder."
    ),
    "Error launching installer": "安装程序无法启动，请重新拷贝。",
    "NSIS Error": "福元台",
}


def with_words(header: bytes) -> bytes:
    """Return the header with every occurrence of the texts replaced. Raises `SystemExit` if one is not there."""
    for found, words in WORDS.items():
        old, new = ((text + "\0").encode("utf-16-le") for text in (found, words))
        if old not in header:
            raise SystemExit(f"This NSIS has no text “{found}”; adapt packaging/windows/header.py.")
        if len(new) > len(old):
            raise SystemExit(f"The text for “{found}” is too long.")
        header = header.replace(old, new.ljust(len(old), b"\0"))
    return header


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_bytes(with_words(path.read_bytes()))
