"""All pages that answer GET, with an address of each: what the sweep and the photographs visit."""

from __future__ import annotations

import re

from flask import Flask

from tests.support.lived_in import LivedIn

NO_PAGES = re.compile(
    r"^/(api|static|js)/|/tu-lieu/.*<variant>|\.(xml|txt|css|csv|json|svg|png|pdf|xlsx|docx|vcf)$|^/(healthz|readyz)$|/tep/<|/hinh/<|^/thu-tuc/goi-y$|^/du-lieu-mo/<"
)
MORE_PUBLIC = [
    "/thu-tuc/?q=cap+lai+giay+phep+hanh+nghe",
    "/thu-tuc/?q=qwzxv&linh_vuc=duoc-pham",
    "/tim-kiem?q=giay+phep+hanh+nghe",
    "/tim-kiem?q=qwzxv",
    "/phan-anh/?q=qwzxv",
    "/phan-anh/gui?thu_tuc=1.012290",
    "/phan-anh/gui?loai=question",
    "/phan-anh/gui?loai=grievance",
    "/khong-co-trang-nay",
    "/thu-tuc/?trang=0",
    "/thu-tuc/1.012290/niem-yet?kho=a3",
    "/thu-tuc/niem-yet?linh_vuc=my-pham",
    "/thu-tuc/niem-yet/the?linh_vuc=my-pham",
    "/thu-tuc/?kiosk=1",
    "/thu-tuc/?kiosk=1&chu_cai=c",
    "/thu-tuc/?kiosk=1&q=qwzxv",
    "/thu-tuc/1.012290?kiosk=1",
    "/thu-tuc/cong-bo?kiosk=1",
    "/duong-day-nong/?kiosk=1",
    "/duong-day-nong/?theo=don-vi",
    "/duong-day-nong/?theo=lanh-dao",
    "/duong-day-nong/?viec=conduct",
    "/duong-day-nong/ban-in?don_vi=cdc",
    "/thu-tuc/9.999999?kiosk=1",
]
MORE_DESK = [
    "/ban-lam-viec/phan-anh/?khay=qua-han",
    "/ban-lam-viec/phan-anh/mau/them?bat_dau=tra-loi-cau-hoi",
    "/ban-lam-viec/nhat-ky/?su_viec=khong-co",
    "/ban-lam-viec/tai-khoan/?q=qwzxv",
    "/ban-lam-viec/tu-lieu/?q=qwzxv",
    "/ban-lam-viec/khong-co-trang-nay",
]


def public_pages(app: Flask, lived: LivedIn) -> list[str]:
    """Every page that a citizen can open."""
    return [a for a in _addresses(app, lived) if "/ban-lam-viec" not in a] + MORE_PUBLIC


def desk_pages(app: Flask, lived: LivedIn) -> list[str]:
    """Every page behind the login."""
    return [a for a in _addresses(app, lived) if "/ban-lam-viec" in a] + MORE_DESK


def _addresses(app: Flask, lived: LivedIn) -> list[str]:
    pages: list[str] = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in (rule.methods or ()) and not NO_PAGES.search(rule.rule):
            pages += [_fill(rule.rule, values) for values in _samples(rule.rule, lived)]
    return pages


def _fill(rule: str, values: dict[str, object]) -> str:
    """Put values into a rule; a placeholder without a sample is the tester's omission."""

    def value(found: re.Match[str]) -> str:
        name = found[1].rpartition(":")[2]
        assert name in values, f"tests/support/tour.py has no sample of {name} for {rule}"
        return str(values[name])

    return re.sub(r"<([^>]+)>", value, rule)


def _samples(rule: str, lived: LivedIn) -> list[dict[str, object]]:
    """What stands for the placeholders of a rule: one set of values for each page to visit."""
    if "danh-ba/<any" in rule:
        return [
            {"folder": folder, "key": key}
            for folder, key in (
                ("duong-day-nong", lived.hotline),
                ("don-vi", "cdc"),
                ("lanh-dao", lived.leader),
            )
        ]
    for start, samples in (
        ("/xem-truoc/", [{"token": lived.preview}]),
        ("/nhan-thu/", [{"token": "khong-con-dung-duoc", "key": "khong-con-dung-duoc"}]),
        ("/thu-tuc/cong-bo/", [{"slug": "3501-qd-ubnd"}]),
        ("/thu-tuc/can-cu/", [{"slug": "96-2023-nd-cp"}]),
        ("/thu-tuc/", [{"code": "1.012290", "number": 1}]),
        ("/don-vi/", [{"code": "cdc"}]),
        ("/duong-day-nong/", [{"key": "cap-cuu-115"}]),
        ("/ke-hoach/", [{"code": lived.plan}]),
        ("/cai-cach-hanh-chinh/", [{"slug": lived.topic}]),
        ("/bai-viet/", [{"slug": "tra-cuu-thu-tuc"}]),
        ("/trang/quyen-rieng-tu/", [{"version": "2026-11"}]),
        ("/trang/", [{"slug": "gioi-thieu"}, {"slug": "quyen-rieng-tu"}]),
        ("/phan-anh/theo-doi/", [{"viec": "bo-sung"}]),
        ("/phan-anh/", [{"public_id": lived.public_feedback}]),
        ("/tai-khoan/kich-hoat/", [{"token": "khong-con-dung-duoc"}]),
        ("/ban-lam-viec/phan-anh/mau/", [{"template_id": lived.answer_template}]),
        ("/ban-lam-viec/phan-anh/", [
            {"feedback_id": n} for n in lived.feedback.values()
        ]),
        ("/ban-lam-viec/tro-giup/", [{"slug": "viet-mot-bai"}]),
        ("/ban-lam-viec/tai-khoan/", [{"user_id": 1}, {"user_id": 2}]),
        ("/ban-lam-viec/tu-lieu/", [
            {"media_id": n, "version_id": 1} for n in lived.media.values()
        ]),
        ("/tu-lieu/", [{"public_id": n} for n in lived.recordings]),
        ("/ban-lam-viec/ke-hoach/minh-chung/them/", [
            {"kind": kind} for kind in ("su-kien", "van-ban", "tep")
        ]),
        ("/ban-lam-viec/ke-hoach/minh-chung/", [{"evidence_id": lived.evidence}]),
        ("/ban-lam-viec/ke-hoach/", [{"task_id": 1, "code": "cdc"}]),
        ("/ban-lam-viec/bai-viet/", [
            {"article_id": n, "number": 1} for n in lived.articles.values()
        ]),
        ("/ban-lam-viec/danh-ba/", [{"key": lived.hotline, "code": "cdc"}]),
        ("/ban-lam-viec/bang-thong-bao/", [{"banner_id": lived.banner}]),
        ("/ban-lam-viec/cai-dat/", [{"state_id": 0}]),
        ("/ban-lam-viec/tim-kiem/", [{"rule_id": lived.synonym, "gap_id": lived.gap}]),
        ("/ban-lam-viec/thu-tuc/can-cu/", [{"slug": "96-2023-nd-cp"}]),
        ("/ban-lam-viec/thu-tuc/<code>/phan/", [
            {"code": "1.012290", "part": part}
            for part in ("dia-phuong", "ho-so", "mau-don", "can-cu", "quy-trinh")
        ]),
        ("/ban-lam-viec/thu-tuc/", [
            {"code": "1.012290", "number": 1, "token": "khong-co", "row_id": 1}
        ]),
    ):  # fmt: skip
        if rule.startswith(start) and "<" in rule:
            # A thing's own page differs with its state; the pages below it hardly do.
            return samples if rule.endswith(">") else samples[-1:]
    return [{}]
