"""Pictures are drawn anew: upright, in sRGB, without anything that came along."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageFile, ImageOps

from portal.core.errors import Invalid
from portal.media.models import WIDTHS, widths_of
from portal.media.sniff import refused

MOST_PIXELS = 40_000_000
MOST_WEBP_PIXELS = 14_000_000  # its decoder needs three canvases of four bytes a pixel
_TALLEST = 12_000  # of any kept size; WebP ends at 16,383
_LARGEST = WIDTHS[-1]
_FORMATS = {
    "jpg": ("JPEG", "MPO"), "png": ("PNG",), "webp": ("WEBP",), "gif": ("GIF",),
}  # fmt: skip
_ORIENTATION, _LYING = 0x0112, range(5, 9)
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
ImageFile.LOAD_TRUNCATED_IMAGES = False
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture as it is kept. `width` and `height` are those of the upright original;
    `variants` maps (width, extension) to the bytes of a file."""

    width: int
    height: int
    variants: Mapping[tuple[int, str], bytes]


def render(data: bytes, extension: str) -> Rendered:
    """Draw a picture of the given format anew, in a few widths.

    Slow (up to some seconds), no disk, no database. Only the header is read before the size is
    judged. Raises `Invalid` on field `file`.
    """
    with _opened(data, extension) as image:
        width, height = _upright_size(image)
        scale = min(1.0, _LARGEST / width)
        if height * scale > _TALLEST:
            raise refused("Ảnh quá dài so với chiều ngang. Bạn cắt thành nhiều ảnh.")
        return Rendered(width, height, _variants(_upright(image, scale)))


def redraw(data: bytes, extension: str, most_side: int) -> bytes:
    """Draw a picture anew as one file of its own format, at most `most_side` pixels a side.

    Slow and refusing as `render` is.
    """
    with _opened(data, extension) as image:
        scale = min(1.0, most_side / max(image.size))
        return _in_format(_upright(image, scale), extension)


@contextmanager
def _opened(data: bytes, extension: str) -> Iterator[Image.Image]:
    """The picture, not too large to be decoded. Whatever fails inside is told as a refusal."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS[extension]) as image:
            _refuse_excess(image.width * image.height, extension)
            yield image
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise refused("Ảnh có quá 40 triệu điểm ảnh. Bạn thu nhỏ ảnh rồi gửi lại.") from None
    except Exception:  # decoders fail in a dozen ways; all mean the same
        raise refused("Ảnh bị hỏng hoặc tải lên chưa hết. Bạn mở thử rồi lưu lại.") from None


def _upright_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if image.getexif().get(_ORIENTATION) in _LYING else (width, height)


def _refuse_excess(pixels: int, extension: str) -> None:
    if extension == "webp" and pixels > MOST_WEBP_PIXELS:
        raise refused("Ảnh WebP có quá 14 triệu điểm ảnh. Bạn lưu thành JPG rồi gửi lại.")
    if pixels > MOST_PIXELS:
        raise refused("Ảnh có quá 40 triệu điểm ảnh. Bạn thu nhỏ ảnh rồi gửi lại.")


def _upright(image: Image.Image, scale: float) -> Image.Image:
    """The picture upright, in RGB or RGBA, its sides times `scale`."""
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    image.draft(None, size)  # JPEG decodes at 1/2, 1/4, 1/8 for free
    image.load()
    image = _plain_mode(image)
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS, None, 2.0)
    return _in_srgb(ImageOps.exif_transpose(image))


def _plain_mode(image: Image.Image) -> Image.Image:
    """In a mode that can be scaled: palettes, bits and 16-bit greys cannot."""
    if image.mode in ("RGB", "RGBA", "CMYK", "L"):
        return image
    info = image.info
    if image.mode.startswith("I"):
        plain = image.point(lambda value: value / 256).convert("L")
    elif image.mode in ("LA", "La", "PA", "RGBa") or "transparency" in info:
        plain = image.convert("RGBA")
    else:
        plain = image.convert("RGB")
    plain.info = info
    return plain


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None  # a profile that does not fit is no reason to lose the picture
        if converted is not None:
            return converted
    return image if image.mode == mode else image.convert(mode)


def _variants(image: Image.Image) -> dict[tuple[int, str], bytes]:
    image.info.clear()  # comments would be written along
    found: dict[tuple[int, str], bytes] = {}
    for width in sorted(widths_of(image.width), reverse=True):
        size = (width, max(1, round(image.height * width / image.width)))
        scaled = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
        found[width, "webp"] = _encoded(scaled, "WEBP", quality=80, method=4)
        found[width, "jpg"] = _encoded(
            _on_white(scaled), "JPEG", quality=82, optimize=True, progressive=True
        )
    return found


def _in_format(image: Image.Image, extension: str) -> bytes:
    image.info.clear()
    if extension == "jpg":
        return _encoded(_on_white(image), "JPEG", quality=88, optimize=True)
    return _encoded(
        image, _FORMATS[extension][0], **({"quality": 88} if extension == "webp" else {})
    )


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
