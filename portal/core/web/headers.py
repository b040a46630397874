"""Security and caching headers, one policy for readers and one for staff.

No page needs `unsafe-inline`: scripts and styles are files. A nonce is made only when a
template asks for one, so cacheable pages never carry it.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from portal.core.settings import Settings

STAFF_PREFIXES = ("/ban-lam-viec", "/dang-nhap", "/dang-xuat", "/tai-khoan")
PRIVATE_PREFIXES = (*STAFF_PREFIXES, "/phan-anh/gui", "/phan-anh/tra-cuu", "/phan-anh/bien-nhan",
                    "/phan-anh/theo-doi", "/nhan-thu", "/xem-truoc")  # fmt: skip
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "frame-src": "https://www.youtube-nocookie.com",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}
_PERMISSIONS = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=()"
)
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": _PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every response of `app`."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _FIXED.items():
            response.headers[name] = value
        response.headers.setdefault("Content-Security-Policy", policy())
        private = is_private(request.path)
        response.headers["Referrer-Policy"] = (
            "no-referrer" if private else "strict-origin-when-cross-origin"
        )
        if settings.https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        _cache(response, private=private)
        return response

    app.jinja_env.globals["csp_nonce"] = nonce


def policy() -> str:
    """The Content-Security-Policy of this request."""
    rules = dict(_POLICY)
    if "csp_nonce" in g:
        rules["script-src"] += f" 'nonce-{g.csp_nonce}'"
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def nonce() -> str:
    """A fresh 128-bit nonce for this response (makes the response uncacheable)."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def is_private(path: str) -> bool:
    """Whether pages at `path` belong to one person and may be stored by nobody."""
    return path.startswith(PRIVATE_PREFIXES)


def _cache(response: Response, *, private: bool) -> None:
    if private or "csp_nonce" in g:
        response.headers["Cache-Control"] = "no-store"
        return
    if "Cache-Control" in response.headers:
        return
    if response.headers.get("Set-Cookie") or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
        return
    response.headers["Cache-Control"] = "no-cache"
    whole = response.status_code == 200 and not response.is_streamed
    if request.method in ("GET", "HEAD") and whole:
        response.add_etag()
        response.make_conditional(request)
