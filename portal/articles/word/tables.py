"""Tables of Word files: header cells, no tables in tables, no tables that only frame."""

from __future__ import annotations

from collections import Counter

from portal.articles.word.tree import Node


def mend_tables(root: Node, facts: Counter[str]) -> None:
    """Bring every table to the form that articles hold."""
    inside = {id(t) for cell in root.find_all("td", "th") for t in cell.find_all("table")}

    def mend(table: Node) -> list[Node | str]:
        cells = table.find_all("td", "th") if table.tag == "table" else []
        if table.tag != "table":
            return [table]
        if id(table) in inside:
            facts["nested_tables"] += 1
            return _flattened(table)
        if len(cells) < 2:
            facts["frames"] += 1
            return cells[0].children if cells else []
        facts["tables"] += 1
        facts["headless"] += not _set_head(table)
        return [table]

    root.rewrite(mend)


def _flattened(table: Node) -> list[Node | str]:
    """One paragraph a row. Pictures of the cells follow their row."""
    found: list[Node | str] = []
    for row in table.find_all("tr"):
        words = [" ".join(cell.text().split()) for cell in row.find_all("td", "th")]
        pictures: list[Node | str] = list(row.find_all("img"))
        found.append(Node("p", {}, [" · ".join(filter(None, words)), *pictures]))
    return found


def _set_head(table: Node) -> bool:
    """Make the rows that Word repeats on each page, or a wholly bold first row, the head; whether
    the table has one then."""
    head = next((node for node in table.nodes() if node.tag == "thead"), None)
    rows = [] if head else [n for n in table.nodes() if n.tag == "tr"]
    if head is None and len(rows) > 1 and _is_bold(rows[0]):
        head = Node("thead", {}, [rows[0]])
        table.children = [head, Node("tbody", {}, list(rows[1:]))]
    elif head is None:
        table.children = [Node("tbody", {}, list(rows))]
        return False
    assert head is not None
    for cell in head.find_all("td", "th"):
        cell.tag = "td" if cell.is_blank() else "th"  # an empty heading says nothing
        if cell.tag == "th":
            cell.attrs["scope"] = "col"
        cell.rewrite(lambda node: node.children if node.tag == "strong" else [node])
    return True


def _is_bold(row: Node) -> bool:
    cells = [cell for cell in row.find_all("td", "th") if not cell.is_blank()]
    return len(cells) > 1 and all(_all_bold(cell) for cell in cells)


def _all_bold(node: Node) -> bool:
    return all(
        not child.strip() if isinstance(child, str) else child.tag == "strong" or _all_bold(child)
        for child in node.children
    )
