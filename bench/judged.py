"""The judged queries of `bench.relevance` as a suite of the whole run."""

from __future__ import annotations

from bench import imported, relevance
from bench.report import Suite


def measure() -> Suite:
    """How often the right procedure is found; no rows where the data is not there."""
    suite = Suite("relevance", "Judged queries over real procedures")
    data = relevance.data_directory()
    if data is None:
        suite.remarks.append("no data beside the checkout, nothing measured")
        return suite
    for set_up in imported.ALL:
        for name, engine in relevance.build(data, set_up):
            for label, queries in relevance.asked(data).items():
                score = relevance.measure(engine, queries)["all"]
                hit1, hit5, reciprocal = (f"{value:.2f}" for value in score.row())
                suite.rows.append(
                    {"engine": name, "index": str(set_up), "queries": label,
                     "n": score.count, "hit@1": hit1, "hit@5": hit5, "MRR@10": reciprocal}
                )  # fmt: skip
    return suite
