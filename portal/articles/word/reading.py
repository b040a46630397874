"""A Word file as it was sent → title, body and pictures, or a refusal that says what to do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from portal.articles.word.structure import shape
from portal.articles.word.tidy import NUMBER
from portal.core.settings import ROOT
from portal.core.text import nfc
from portal.media import sniff
from portal.media.archives import check_office
from portal.media.sniff import refused

LONGEST_SECONDS = 25
LIMIT = sniff.FORMATS["docx"].limit
_PICTURE = re.compile(r"word-picture:(\d+)")
_TYPES = {"image/png": "png", "image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif",
          "image/webp": "webp"}  # fmt: skip
_WITHIN_WORDS = re.compile(r"</?(?:strong|em|u|sub|sup|a)\b[^>]*>")
_NUMBER = re.compile(f"{NUMBER[0]}\\d*{NUMBER[1]}")
_VECTOR = re.compile(r"image/(?:x-)?(?:emf|wmf)")
_OLD = "Tệp .doc kiểu cũ. Bạn mở trong Word, chọn “Lưu thành”, kiểu .docx, rồi gửi lại."
_MACRO = "Tệp có macro. Bạn mở trong Word, chọn “Lưu thành”, kiểu .docx, rồi gửi lại."
_LOCKED = (
    "Tệp có đặt mật khẩu, hoặc là tệp .doc kiểu cũ mang đuôi .docx. Bạn mở trong Word, bỏ mật khẩu "
    "và lưu thành .docx."
)
_REFUSALS = {
    "large": "Tệp có quá nhiều nội dung cho một bài viết. Bạn chia thành nhiều tệp.",
    "broken": "Tệp bị hỏng hoặc Word chưa lưu xong. Bạn mở thử trong Word rồi lưu lại.",
}
_one_at_a_time = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class WordPicture:
    """A picture of the file, as it lay there. Its name in the body is `word-picture:<number>`."""

    number: int
    extension: str
    data: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class WordText:
    """What a Word file says. The body is not yet sanitised."""

    title: str
    title_from: str
    body: str
    pictures: tuple[WordPicture, ...]
    facts: Counter[str]


def read(stream: BinaryIO, filename: str) -> WordText:
    """The text of a .docx. Takes seconds: call it outside `write()`.

    Raises `Invalid` on field `file` for whatever is no harmless, sound Word file.
    """
    name = sniff.clean_name(filename)
    _refuse_by_name(stream, name)
    with _on_disk(stream) as (path, folder):
        check_office(path, "docx", self_contained=True)
        answer = _run(path, folder)
        if "refused" in answer:
            raise refused(_REFUSALS[answer["refused"]])
        facts = Counter({key: int(count) for key, count in answer["facts"].items()})
        pictures = tuple(_pictures(answer["pictures"], folder, facts))
    shaped = shape(answer["markup"])
    facts += shaped.facts
    body = _without_lost(shaped.body, {picture.number for picture in pictures})
    facts["lost_words"] = _lost_words(answer["text"], f"{shaped.title} {shaped.body}")
    title, source = shaped.title, shaped.title_from
    if not title:
        title, source = Path(name).stem.replace("_", " "), "file"
    return WordText(nfc(title), source, nfc(body), pictures, +facts)


def _refuse_by_name(stream: BinaryIO, name: str) -> None:
    head = stream.read(sniff.HEAD)
    stream.seek(0)
    extension = sniff.claimed(name)
    if extension in ("doc", "dot", "rtf", "wps", "odt"):
        raise refused(_OLD if extension == "doc" else "Bạn lưu tệp thành .docx rồi gửi lại.")
    if extension in ("docm", "dotm"):
        raise refused(_MACRO)
    if extension != "docx":
        raise refused("Chọn tệp Word có đuôi .docx.")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(_LOCKED)
    if not head.startswith(b"PK\x03\x04"):
        raise refused("Nội dung không phải là tệp Word .docx. Bạn mở thử trong Word rồi lưu lại.")


@contextmanager
def _on_disk(stream: BinaryIO) -> Iterator[tuple[Path, Path]]:
    """The file under a name of ours, and an empty folder beside it; both go afterwards."""
    with TemporaryDirectory(prefix="word-") as place:
        path, folder, size = Path(place) / "sent.docx", Path(place) / "pictures", 0
        folder.mkdir()
        with path.open("wb") as file:
            while chunk := stream.read(1 << 20):
                size += len(chunk)
                if size > LIMIT:
                    raise refused(
                        f"Tệp lớn hơn {LIMIT // 1_000_000} MB. Bạn thu nhỏ ảnh trong tệp."
                    )
                file.write(chunk)
        yield path, folder


def _run(path: Path, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "portal.articles.word.worker", str(path), str(folder)]
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, our own file names
                command, cwd=ROOT, capture_output=True, timeout=LONGEST_SECONDS, check=False
            )
            answer: dict[str, Any] = json.loads(done.stdout)
        except (subprocess.TimeoutExpired, ValueError):
            return {"refused": "large"}
    return answer


def _pictures(
    rows: list[dict[str, str]], folder: Path, facts: Counter[str]
) -> Iterator[WordPicture]:
    for number, row in enumerate(rows):
        path = folder / str(number)
        if _VECTOR.match(row["type"]):
            facts["vector"] += 1
        elif not path.is_file():
            facts[row.get("lost", "unreadable")] += 1
        elif extension := _extension(path):
            yield WordPicture(number, extension, path.read_bytes(), row["alt"][:300])
        else:
            facts["unreadable"] += 1


def _extension(path: Path) -> str:
    """By the bytes: programs write wrong types."""
    with path.open("rb") as file:
        found = sniff.sniff(file.read(sniff.HEAD)) & {"png", "jpg", "gif", "webp"}
    return next(iter(found), "")


def _without_lost(body: str, there: set[int]) -> str:
    """The body without figures whose picture could not be read. Their captions stay as text."""

    def keep(found: re.Match[str]) -> str:
        number = _PICTURE.search(found[0])
        if number is None or int(number[1]) in there:
            return found[0]
        caption = re.search(r"<figcaption>(.*)</figcaption>", found[0], re.DOTALL)
        return f"<p>{caption[1]}</p>" if caption else ""

    left = re.sub(r"<figure>.*?</figure>", keep, body, flags=re.DOTALL)
    return re.sub(r"\n{2,}", "\n", left).strip()


def _lost_words(text: str, markup: str) -> int:
    """How many words of the file do not stand in the article: it should be none."""
    plain = unescape(re.sub(r"<[^>]*>", " ", _WITHIN_WORDS.sub("", markup)))
    shown = Counter(_words(plain))
    return sum((Counter(_words(text)) - shown).values())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", nfc(_NUMBER.sub("", text)))
