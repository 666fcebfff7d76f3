"""Bytes to lines: finds the encoding out, keeps every line bounded, tells where it fails.

UTF-8, UTF-16 and GB18030, each with or without a mark. What comes before the first byte
above 127 is the same in UTF-8 and GB18030; the first block that has one decides. UTF-16
without a mark is known by its zeros: delimiters, digits and line ends have one in each
pair of bytes, always on the same side.
"""

from __future__ import annotations

import codecs
import io
import zlib
from collections.abc import Iterator
from gzip import BadGzipFile
from typing import BinaryIO

from services.registry.reading.broken import FileBroken

BLOCK = 1 << 18
LONGEST_LINE = 1 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # whoever has come here unpacked one
_LOOKED_AT = 1 << 14
_FEWEST_ZEROS = 0.08  # of all pairs; stray zeros in other text are far fewer


class TextLines:
    """Iterates over the lines of a stream, each ending in a newline.

    *encoding* is None as long as all was ASCII. Raises FileBroken.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.encoding: str | None = None
        self._stream = stream
        self._decoder: codecs.IncrementalDecoder | None = None
        self._bytes_before = 0
        self._lines_before = 0

    def __iter__(self) -> Iterator[str]:
        newlines = io.IncrementalNewlineDecoder(None, translate=True)
        rest = ""
        for text in self._texts():
            *lines, rest = (rest + newlines.decode(text)).split("\n")
            for line in lines:
                self._lines_before += 1
                yield line + "\n"
            if len(rest) > LONGEST_LINE:
                raise FileBroken(
                    "line_too_long",
                    f"第{self._lines_before + 1}行",
                    f"这一行超过{LONGEST_LINE}个字符,不是表格;请确认导出的是 CSV 或 XLSX",
                )
        rest += newlines.decode("", final=True)
        if rest:
            yield rest + ("" if rest.endswith("\n") else "\n")

    def _texts(self) -> Iterator[str]:
        block = self._without_mark(self._read())
        while block:
            yield self._decode(block)
            self._bytes_before += len(block)
            block = self._read()
        if self._decoder is not None:
            yield self._decode(b"", final=True)

    def _read(self) -> bytes:
        try:
            return self._stream.read(BLOCK)
        except (BadGzipFile, EOFError, zlib.error) as error:
            raise FileBroken(
                "gzip_broken",
                f"第{self._lines_before + 1}行附近",
                f"压缩文件不完整或已损坏({error}),请重新传送",
            ) from None

    def _without_mark(self, block: bytes) -> bytes:
        if block.startswith(_WORKBOOKS):
            raise FileBroken(
                "workbook_packed", "文件开头", "压缩包里是一个工作簿;请解压后再导入"
            )
        for mark, encoding in _MARKS:
            if block.startswith(mark):
                self._choose(encoding)
                self._bytes_before = len(mark)
                return block[len(mark) :] or self._read()
        if unmarked := _unmarked_utf16(block[:_LOOKED_AT]):
            self._choose(unmarked)
        return block

    def _choose(self, encoding: str) -> None:
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def _decode(self, block: bytes, *, final: bool = False) -> str:
        if self._decoder is None:
            if block.isascii():
                return block.decode("ascii")
            return self._decide(block)
        try:
            return self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            raise self._undecodable(error, len(block)) from None

    def _decide(self, block: bytes) -> str:
        failures = []
        for encoding in ("utf-8",) if _mostly_utf8(block) else ("utf-8", "gb18030"):
            self._choose(encoding)
            try:
                return self._decoder.decode(block) if self._decoder else ""
            except UnicodeDecodeError as error:
                failures.append(error)
        furthest = max(failures, key=lambda error: error.start)
        self.encoding = furthest.encoding
        raise self._undecodable(furthest, len(block))

    def _undecodable(self, error: UnicodeDecodeError, block_length: int) -> FileBroken:
        """Where: the decoder may hold bytes of the block before."""
        position = self._bytes_before - (len(error.object) - block_length) + error.start
        line = self._lines_before + error.object[: error.start].count(b"\n") + 1
        return FileBroken(
            "undecodable",
            f"第{line}行,文件第{position + 1}字节",
            f"字节 0x{error.object[error.start]:02X} 不能按 {self.encoding} 解读;"
            "请另存为 UTF-8 或 GB18030 编码的 CSV,或直接提供 XLSX",
        )


def _mostly_utf8(block: bytes) -> bool:
    """UTF-8 with a slip in it could pass for GB18030, as nonsense: it is refused instead."""
    read = block.decode("utf-8", "replace")
    foreign = sum(character > "\x7f" for character in read)
    return read.count("\ufffd") * 2 < foreign


def _unmarked_utf16(start: bytes) -> str | None:
    """A character like 一 has its zero on the other side; but no text consists of them."""
    first, second = start[::2].count(0), start[1::2].count(0)
    if max(first, second) < _FEWEST_ZEROS * len(start) / 2 or 2 * min(first, second) > max(
        first, second
    ):
        return None
    return "utf-16-le" if second > first else "utf-16-be"
