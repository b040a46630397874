"""`flask search rebuild` and `flask search drain`."""

import click
from flask.cli import AppGroup

from portal.search import service

group = AppGroup("search", help="Chỉ mục tìm kiếm.")


@group.command("rebuild")
def rebuild() -> None:
    """Lập lại chỉ mục từ cơ sở dữ liệu; trang vẫn chạy trong lúc đó."""
    count = service.rebuild(lambda done: click.echo(f"  {done} tài liệu", err=True))
    click.echo(f"Đã lập chỉ mục {count} tài liệu.")


@group.command("drain")
def drain() -> None:
    """Đưa vào chỉ mục các thay đổi đang chờ (chạy được bất cứ lúc nào)."""
    click.echo(f"Đã cập nhật {service.drain()} thay đổi.")
