"""Safe pictures: a raster decoded under limits and written anew, so that nothing of the original is served."""

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

PIXEL_LIMIT = 40_000_000
LONGEST_SIDE = 1600
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    MemoryError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def preview_of(file: BinaryIO) -> tuple[bytes, str] | None:
    """Return (bytes, media type) of a picture of the first frame, at most 1600 pixels a side, without metadata.

    None when it is no such raster, is broken, or has more than 40 million pixels (told before decoding).
    """
    try:
        with Image.open(file, formats=_FORMATS) as image:
            if image.width * image.height > PIXEL_LIMIT:
                return None
            return _written_anew(image)
    except _BROKEN:
        return None


def _written_anew(image: Image.Image) -> tuple[bytes, str]:
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.seek(0)
    upright = ImageOps.exif_transpose(image)
    clear = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    picture = upright.convert("RGBA" if clear else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new image has pixels only: no EXIF, no profile, no comments, no appended bytes.
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = BytesIO()
    if clear or image.format in {"PNG", "GIF"}:
        bare.save(out, "PNG", optimize=False)
        return out.getvalue(), "image/png"
    bare.save(out, "JPEG", quality=85)
    return out.getvalue(), "image/jpeg"
