"""The desk's form of a legal document."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, SelectField
from wtforms.validators import Optional

from portal.core.web.editing import VersionedForm
from portal.core.web.forms import LineField, TextField, at_most
from portal.procedures.models import LegalBasis
from portal.procedures.part_form import address
from portal.procedures.terms import LEGAL_STATES


class BasisForm(VersionedForm):
    """What is known of a legal document."""

    title = TextField("Trích yếu", [at_most(3000, "Trích yếu")])
    issuer = LineField("Cơ quan ban hành", [at_most(300, "Cơ quan ban hành")])
    issued_on = DateField("Ngày ban hành", [Optional()])
    effective_from = DateField("Có hiệu lực từ", [Optional()])
    state = SelectField("Hiệu lực", choices={k.value: v for k, v in LEGAL_STATES.items()})
    url = LineField("Địa chỉ toàn văn chính thức", [at_most(1000, "Địa chỉ"), address])
    source_url = LineField("Nguồn về hiệu lực", [at_most(1000, "Địa chỉ nguồn"), address])
    checked_on = DateField("Ngày kiểm tra hiệu lực", [Optional()])

    @staticmethod
    def stored(basis: LegalBasis) -> dict[str, Any]:
        """What the fields hold for `basis`."""
        names = ("title", "issuer", "issued_on", "effective_from", "state", "url", "source_url",
                 "checked_on")  # fmt: skip
        return {name: getattr(basis, name) for name in names}
