"""The copy of a picture that may be published: without where and when it was taken."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError


class PictureBroken(ValueError):
    """A file that calls itself a picture cannot be read as one."""

    code = "picture_broken"


def without_metadata(data: bytes) -> bytes:
    """Only the picture itself, turned as it is to be seen. Raises PictureBroken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data)) as opened:
                kind = opened.format or "PNG"
                upright = ImageOps.exif_transpose(opened)
                plain = Image.new(upright.mode, upright.size)
                if upright.mode == "P":
                    plain.putpalette(upright.getpalette() or [])
                plain.paste(upright)
                written = BytesIO()
                plain.save(written, format=kind)
    except (
        OSError,
        ValueError,
        SyntaxError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise PictureBroken(f"图片读不出来 ({type(error).__name__})") from error
    return written.getvalue()
