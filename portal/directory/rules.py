"""What a contact must look like, whoever types it: a form at the desk or a content file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from portal.core.certainty import Certainty
from portal.directory import schedule
from portal.directory.models import Purpose

PHONE = re.compile(r"[+(]?[0-9][0-9 .()-]{1,38}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def problems(values: Mapping[str, object]) -> dict[str, str]:
    """Field → Vietnamese message, for what breaks a rule; only fields that are there count."""
    found: dict[str, str] = {}
    phone, email = str(values.get("phone", "")), str(values.get("email", ""))
    if phone and not PHONE.fullmatch(phone):
        found["phone"] = "Số điện thoại chỉ gồm chữ số, dấu cách, dấu chấm, gạch nối hoặc ngoặc."
    if email and not EMAIL.fullmatch(email):
        found["email"] = "Nhập thư điện tử dạng ten@coquan.vn."
    if not str(values.get("name", "x")):
        found["name"] = "Nhập tên."
    try:
        schedule.read(values.get("schedule"))  # type: ignore[arg-type]  # whatever it is
    except (schedule.HoursError, AttributeError, TypeError):
        found["schedule"] = "Lịch trực không đọc được. Bạn nhập lại giờ."
    if "purposes" in values and not _known_purposes(values["purposes"]):
        found["purposes"] = "Chọn ít nhất một việc mà số này phục vụ."
    if values.get("certainty") == Certainty.VERIFIED and not values.get("source"):
        found["source"] = "Đã kiểm chứng thì ghi nguồn: văn bản, trang hoặc người xác nhận."
    return found


def _known_purposes(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(p in list(Purpose) for p in value)
