"""Whoosh's files: written whole or not at all, checked when read.

Nothing of a state is visible before all of it is on the disk with its sum; nothing is read that
does not fit its sum.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from portal.search import store

INDEX = "MAIN"


class DurableStorage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh makes a state visible by renaming its table of contents. Here every file of the state
    is on the disk, and its sum written down, before that happens."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        folder = Path(self.folder)
        state = _state_of(newname)
        before = store.read_sums(folder, state - 1)
        sums = {
            path.name: before.get(path.name) or store.sync_file(path)
            for path in folder.glob("*.seg")
        }
        sums[newname] = store.sync_file(folder / oldname)
        store.write_sums(folder, state, sums)
        super().rename_file(oldname, newname, safe=safe)
        store.sync_directory(folder)
        store.drop_sums(folder, state)


class CheckedStorage(FileStorage):  # type: ignore[misc]
    """Files of one state, read into memory and checked. (Whoosh would map them, and a process that
    reads a mapped file which somebody cuts short is killed.)"""

    supports_mmap = False

    def __init__(self, path: Path, state: int) -> None:
        super().__init__(str(path), supports_mmap=False)
        self._sums = store.read_sums(path, state)

    def open_file(self, name: str, **kwargs: Any) -> StructFile:
        data = store.read_whole(Path(self.folder), name, self._sums)
        return StructFile(BytesIO(data), name=name, **kwargs)


def toc_name(state: int) -> str:
    return f"_{INDEX}_{state}.toc"


def _state_of(toc_name: str) -> int:
    return int(toc_name.removeprefix(f"_{INDEX}_").removesuffix(".toc"))


def latest(path: Path) -> int:
    """The newest state of a generation, -1 if there is none."""
    prefix = f"_{INDEX}_"
    return max(
        (
            _state_of(file.name)
            for file in path.iterdir()
            if file.name.startswith(prefix) and file.suffix == ".toc"
        ),
        default=-1,
    )
