"""Lists in pages: what a template needs to show one page of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`items` of page `number` (from 1), `size` a page, of `total` in all."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to offer: first, last and the neighbours; None stands for a gap."""
        near = {1, self.count, *range(self.number - 1, self.number + 2)}
        shown: list[int | None] = []
        for number in sorted(n for n in near if 1 <= n <= self.count):
            if shown and shown[-1] is not None and number - shown[-1] > 1:
                shown.append(None)
            shown.append(number)
        return shown


def paginate(session: Session, query: Select[T], number: int, size: int) -> Page[T]:
    """One page of an ordered query of entities; two statements."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    items = session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return Page(items, number, size, total)


def address_of_page(number: int) -> str:
    """The address of this list at another page, filters kept."""
    return address_with(trang=str(number) if number > 1 else "", chon="")


def address_with(**changed: str) -> str:
    """The address of this list with some parameters set anew; an empty value takes one away."""
    arguments = {k: v for k, v in request.args.lists() if k not in changed}
    arguments |= {k: [v] for k, v in changed.items() if v}
    assert request.endpoint is not None
    return url_for(request.endpoint, **{**(request.view_args or {}), **arguments})
