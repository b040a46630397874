"""Codes of procedures and numbers of documents in a query: what each may stand for."""

import re
from collections.abc import Sequence

from portal.search import citations
from portal.search.analysis import Kind, Token
from portal.search.engine import Vocabulary
from portal.search.plan import Alternative
from portal.search.synonyms import Synonyms

MAX_CODES = 20
GUESS_WEIGHT = 0.6
REPLACED_WEIGHT = 0.85
SUCCESSOR_WEIGHT = 0.35
"""What took the place of a procedure whose own code was typed: behind it while it is in force,
before it once it has ended (`boost` of the documents decides)."""

_DIGITS = 7
_PART_OF_CODE = re.compile(r"^\d[.,]\s?\d{2,7}$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_BARE_DIGITS = re.compile(r"^\d{5,6}$")


def find(
    text: str, tokens: Sequence[Token], terms: Sequence[str], position: int, vocabulary: Vocabulary
) -> tuple[list[Alternative], int, int]:
    """What a code or number at this place may stand for, how many words before it belong to its
    name, and how many tokens it takes."""
    token = tokens[position]
    if token.kind is Kind.CODE:
        return _code(token.term, vocabulary), 0, 1
    named, start = citations.named_refs(terms, position, token.term)
    if token.kind is Kind.NUMBER:
        refs = [*citations.number_refs(token.term), *named]
        return _numbers(refs, vocabulary), position - start, 1
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    if named and following and _YEAR.match(following.term):
        dated = f"{named[0]}/{following.term}"
        if vocabulary.has_ref(dated):
            return [Alternative((dated,))], position - start, 2
    if named and vocabulary.has_ref(named[0]):  # else "kế hoạch 2026" are just words
        return [Alternative((named[0],))], position - start, 1
    if following:
        part = text[token.start : following.end]
        if _PART_OF_CODE.match(part) and (codes := _partial(part, vocabulary)):
            return codes, 0, 2
    if _BARE_DIGITS.match(token.term):
        return _partial(token.term, vocabulary), 0, 1
    return [], 0, 1


def _code(code: str, vocabulary: Vocabulary) -> list[Alternative]:
    """The code itself if it is known, else the codes one wrong digit away, else a dead end that
    leaves the other words to decide."""
    if vocabulary.has_ref(code):
        return [Alternative((code,))]
    return [Alternative((c,), GUESS_WEIGHT) for c in [code, *_near_codes(code, vocabulary)]]


def _near_codes(code: str, vocabulary: Vocabulary) -> list[str]:
    """Known codes one slip away: a wrong, missing, doubled or transposed digit."""
    digits = re.sub(r"\D", "", code)
    ends = range(len(digits) + 1)
    slips = {digits[:i] + d + digits[i + 1 :] for i in ends[:-1] for d in "0123456789"}
    slips |= {digits[:i] + d + digits[i:] for i in ends for d in "0123456789"}
    slips |= {digits[:i] + digits[i + 1 :] for i in ends[:-1]}
    slips |= {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in ends[:-2]}
    found = (f"{slip[0]}.{slip[1:]}" for slip in slips if len(slip) == _DIGITS)
    return sorted(code for code in found if vocabulary.has_code(code))[:MAX_CODES]


def _partial(part: str, vocabulary: Vocabulary) -> list[Alternative]:
    digits = re.sub(r"\D", "", part)
    known = [Alternative((code,)) for code in vocabulary.codes_like(digits, MAX_CODES)]
    return known or [Alternative((code,), GUESS_WEIGHT) for code in _near_codes(part, vocabulary)]


def _numbers(refs: Sequence[str], vocabulary: Vocabulary) -> list[Alternative]:
    """The most exact names of the number that the index knows; longer names weigh more."""
    known = [ref for ref in dict.fromkeys(refs) if vocabulary.has_ref(ref)]
    exact = [ref for ref in known if "/" in ref] or known
    return [Alternative((ref,)) for ref in exact or list(refs)[:1]]


def with_successors(
    token: Token, found: list[Alternative], vocabulary: Vocabulary, synonyms: Synonyms
) -> list[Alternative]:
    """What was found, and what has taken the place of an old code or of a document that is no
    longer in force. Where that is known, nobody need guess at a slip."""
    weight = REPLACED_WEIGHT if token.kind is Kind.NUMBER else SUCCESSOR_WEIGHT
    next_ones = _replacing(token.term, vocabulary, synonyms)
    if next_ones and not vocabulary.has_ref(token.term):
        found, weight = [], 1.0
    return [*found, *(Alternative((term,), weight) for term in next_ones)]


def _replacing(term: str, vocabulary: Vocabulary, synonyms: Synonyms) -> list[str]:
    """What the table says has taken the place of a code or number, as far as it is known here."""
    return [
        terms[0]
        for terms in synonyms.table.get((term,), ())
        if len(terms) == 1 and vocabulary.has_ref(terms[0])
    ]


def led(code: str, vocabulary: Vocabulary, synonyms: Synonyms) -> tuple[str, ...]:
    """The codes that an old one leads to: those of the records first, then those of the table."""
    new = [*vocabulary.successors(code), *_replacing(code, vocabulary, synonyms)]
    return tuple(dict.fromkeys(other for other in new if other != code))
