"""Forms of the desk of words."""

from __future__ import annotations

from wtforms import HiddenField, RadioField

from portal.core.web.editing import VersionedForm
from portal.core.web.forms import LineField, at_most
from portal.vocabulary.service import MAX_SIDE, Wanted

ONE_WAY, BOTH_WAYS = "mot-chieu", "hai-chieu"


class SynonymForm(VersionedForm):
    """A line of the table of synonyms, and words to try it with."""

    said = LineField("Từ người dân gõ", [at_most(MAX_SIDE, "Phần này")])
    meant = LineField("Từ trong tên thủ tục", [at_most(MAX_SIDE, "Phần này")])
    direction = RadioField(
        "Chiều tìm",
        choices={
            ONE_WAY: "Một chiều: gõ từ bên trên thì tìm thêm từ bên dưới",
            BOTH_WAYS: "Hai chiều: gõ từ nào cũng tìm cả các từ kia",
        },
        default=ONE_WAY,
    )
    trial = LineField("Câu để thử", [at_most(200, "Câu để thử")])
    gap = HiddenField(default="")

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        return Wanted(self.said.data, self.meant.data, self.direction.data == BOTH_WAYS)

    @property
    def gap_id(self) -> int | None:
        """The gap that the line is to fill."""
        text = self.gap.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None
