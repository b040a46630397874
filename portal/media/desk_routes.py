"""The whole desk of the library: importing this module hangs every view on its blueprint."""

from __future__ import annotations

from portal.media import desk_files
from portal.media.desk import blueprint

__all__ = ["blueprint", "desk_files"]
