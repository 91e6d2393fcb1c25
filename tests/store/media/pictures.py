"""Images as phones, scanners and programs write them, and what is visible in them."""

import io

from PIL import Image

from fuyuan_desk.store.media.decoder import Picture, decode

TAKEN = "2026:03:02 09:30:00"
# red, green / blue, white: distinguishable in every position
CORNERS = ((220, 20, 20), (20, 200, 20), (20, 20, 220), (250, 250, 250))


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """Paint four quarters in different colours."""
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for place, colour in enumerate(CORNERS):
        box = (place % 2 * half[0], place // 2 * half[1])
        image.paste(colour, (*box, box[0] + half[0], box[1] + half[1]))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    """Return an image as a file."""
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def prepared(image: Image.Image) -> Picture:
    """Return an image as the decoder prepares it for the store, without the sandbox."""
    return decode(saved(image), keep_location=False)


def opened(content: bytes) -> Image.Image:
    """Read an image."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def corners(image: Image.Image) -> list[int]:
    """Return which of `CORNERS` is top left, top right, bottom left, bottom right."""
    found = []
    for across, down in ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)):
        pixel = image.getpixel((int(image.width * across), int(image.height * down)))
        assert isinstance(pixel, tuple)
        distances = [sum((a - b) ** 2 for a, b in zip(pixel, colour, strict=True)) for colour in CORNERS]
        found.append(distances.index(min(distances)))
    return found


def exif_with(orientation: int = 1, taken: str = TAKEN, place: bool = False) -> Image.Exif:
    """Write the metadata of a phone, names and serial numbers included."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretMaker"
    exif[0x9C9D] = "SecretAuthor".encode("utf-16-le")
    part = exif.get_ifd(0x8769)
    part[0x9003] = taken
    part[0xA431] = "SecretSerial"
    if place:
        exif.get_ifd(0x8825).update(
            {
                1: "N",
                2: (31.0, 13.0, 3.5),
                3: "E",
                4: (121.0, 27.0, 59.25),
                0x1D: "2026:03:02",
                0x1B: b"SecretCell",
            }
        )
    return exif
