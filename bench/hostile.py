"""Queries that would make a naive engine sweat, against honest ones on the same index.

python -m bench.hostile [--procedures 10000]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from functools import partial
from pathlib import Path

from bench import corpus
from bench.report import Suite, timed
from portal.core.settings import ROOT
from portal.search import synonyms
from portal.search.engine import SearchQuery
from portal.search.whoosh_engine import WhooshEngine

BAR = 5.0
_TIMES = 15


def hostile_queries() -> dict[str, str]:
    """By what is evil about them."""
    return {
        "one frequent word, 200 characters": "giấy " * 40,
        "sixteen frequent words": "cấp giấy phép chứng nhận cơ sở đủ điều kiện kinh doanh hồ sơ",
        "sixteen abbreviations": "gphn gphđ cchn gpp attp bhyt kcb nkt cfs gcn đkkd tbyt ksk ctxh",
        "the same abbreviation": "gpp " * 16,
        "phrases with the most synonyms": "mở nhà thuốc cấp lại chứng chỉ hành nghề phòng khám",
        "nothing but stop words": "cho của đối với trong theo thủ tục cần gì xin muốn làm về",
        "a flood of marks": "giấy" + "\u0301\u0309\u0323" * 300 + " phép",
        "marks alone": "\u0301" * 800,
        "single letters": "a b c d e f g h i k l m n o p q r s t u v x y",
        "digits": "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
        "numbers of all lengths": "1 12 123 1234 12345 123456 1234567 12345678 123456789",
        "codes that do not exist": "9.999999 8.888888 7.777777 6.666666 5.555555 4.444444 3.333333",
        "halves of codes": "1.01 1.012 1.0122 1.01228 2.00 2.000 2.0006 01228 00065",
        "numbers of documents": "96/2023/NĐ-CP nd 54 tt 22/2025 163/2025 104/2016 qđ 745/QĐ-BYT",
        "operators": '(giấy AND phép) OR NOT "hành nghề"^9 AND title:* ~0.1',
        "wildcards": "* ? g* ?i?y *ấy giấ* [a TO z] {a TO z} /gi.*/",
        "brackets": "(" * 100 + ")" * 100,
        "quotes and backslashes": "\\" * 100 + '"' * 100,
        "emoji": "😀🏥💊" * 60,
        "right to left": "\u202eشهادة طبية \u202dרישיון רופא " * 8,
        "Chinese": "医疗许可证申请" * 28,
        "NULs": "gi\0ấy\0 " * 40,
        "zero-width characters": "g\u200bi\u200bấ\u200by\u200b " * 30,
        "10 kB of words": "cấp lại giấy phép hành nghề " * 370,
        "10 kB without a space": "giayphephanhnghe" * 640,
        "junk that might be mended": "giyya phpe hnah ngeh thouc bnah dcu yocs attpp kinf doahn",
        "junk that cannot be mended": "zxqw wqxz qqzx xzwq zzqx wwxq qxzw xwqz zqxw wzqx",
        "glued words": "giayphep hanhnghe duocpham thietbi yte khambenh chuabenh antoan thucpham",
        "torn words": "gi ấy ph ép h ành ngh ề d ược kh ám b ệnh ch ữa",
        "keys of Telex": "giaays phesp hanhf ngheef dduwowcj phaamr thieets bij yteef thuoocs",
        "keys of VNI": "giay61 phe1p hanh2 nghe62 d9u7o7c5 pha6m3 thie6t1 bi5 thuo6c1",
        "dashes and slashes": "-/" * 100,
        "markup": "<script>alert(1)</script>" * 8,
        "SQL": "'; DROP TABLE procedure; -- " * 7,
    }  # fmt: skip


def measure(procedures: int) -> Suite:
    """Each hostile query against the median of honest ones."""
    suite = Suite("hostile", f"Hostile queries, {procedures} procedures")
    documents = list(corpus.documents(procedures))
    table = synonyms.load(ROOT / "content" / "synonyms.txt")
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder), lambda: table)
        engine.rebuild(documents)
        engine.warm()
        honest = _times(engine, corpus.queries(documents, 200))
        median = statistics.median(honest)
        suite.remarks.append(f"median of 200 honest queries: {median * 1000:.2f} ms")
        for name, text in hostile_queries().items():
            (seconds,) = _times(engine, [text])
            suite.rows.append(
                {
                    "query": name,
                    "ms": round(seconds * 1000, 2),
                    "times the median": round(seconds / median, 1),
                    "bar": "" if seconds <= BAR * median else "missed",
                }
            )
    return suite


def _times(engine: WhooshEngine, texts: list[str]) -> list[float]:
    """The best seconds of each query, asked several times after a first one: what it costs, not
    what else the machine did."""
    found = []
    for text in texts:
        ask = partial(engine.search, SearchQuery(text, limit=10))
        ask()
        found.append(min(timed(ask) for _ in range(_TIMES)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--procedures", type=int, default=10_000)
    print(measure(parser.parse_args().procedures).show())


if __name__ == "__main__":
    main()
