"""What a file is, told by its first bytes. Files of no known kind, programs above all, are not accepted."""

import codecs
import re

# (offset, magic bytes, kind); the first that fits counts.
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (257, b"ustar", "application/x-tar"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"AC10", "image/vnd.dwg"),
)
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
)
_MARKUP = (
    (re.compile(rb"<(!doctype\s+html|html|script|body|iframe)\b", re.IGNORECASE), "text/html"),
    (re.compile(rb"<svg\b", re.IGNORECASE), "image/svg+xml"),
)
_XML = re.compile(rb"\s*<\?xml\b", re.IGNORECASE)
_TEXT_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
SAMPLE = 8192

RASTERS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def kind_of(sample: bytes) -> str | None:
    """Return the media type the first bytes show (give up to 8192 of them), or None: not accepted.

    An empty file is plain text.
    """
    if not sample.startswith(b"#!AMR") and sample.startswith(_PROGRAMS):
        return None
    for offset, magic, kind in _MAGIC:
        if sample.startswith(magic, offset):
            return _inside_zip(sample) if kind == "application/zip" else kind
    return _text_kind(sample)


def _inside_zip(sample: bytes) -> str:
    """Tell an office document from any other archive by the names of its first members."""
    if sample[30:38] == b"mimetype":
        found = re.match(rb"application/[a-z.\-]+", sample[38:120])
        return found.group().decode() if found else "application/zip"
    if b"[Content_Types].xml" in sample or b"_rels/" in sample:
        for folder, kind in _OFFICE:
            if folder in sample:
                return kind
    return "application/zip"


def _text_kind(sample: bytes) -> str | None:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "text/plain"
    if _TEXT_CONTROLS.search(sample) or not _decodes(sample):
        return None
    found = [
        (match.start(), kind)
        for pattern, kind in _MARKUP
        if (match := pattern.search(sample[:1024]))
    ]
    if found:
        return min(found)[1]
    return "application/xml" if _XML.match(sample) else "text/plain"


def _decodes(sample: bytes) -> bool:
    """Tell whether the bytes are text in UTF-8 or GB 18030; a character cut off at the end is forgiven."""
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeDecodeError:
            continue
        return True
    return False
