"""Any text becomes a bounded plan; mistakes are mended from what the index knows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search import spelling
from portal.search.analysis import accented, fold
from portal.search.engine import MAX_TEXT, MAX_WORDS
from portal.search.plan import Plan
from portal.search.query import MAX_ALTERNATIVES, build
from portal.search.references import MAX_CODES
from portal.search.synonyms import MAX_PHRASE, Synonyms, parse

TEXT = "cấp lại giấy phép hành nghề tiêm chủng chứng sinh thủ tục hành chính bác sĩ"


class Words:
    """A vocabulary of one text."""

    spellings = {fold(word): word for word in TEXT.split()}  # noqa: RUF012
    pairs = {  # noqa: RUF012
        (fold(a), fold(b)) for a, b in zip(TEXT.split(), TEXT.split()[1:], strict=False)
    }
    codes = ("1.012289", "1.012290", "2.012289")
    refs = ("nd96", "96/2023", "nd96/2023", "96/2023/nd-cp")

    def frequency(self, word: str) -> int:
        return int(word in self.spellings)

    def pair_frequency(self, first: str, second: str) -> int:
        return 10 * int((first, second) in self.pairs)

    def spelling(self, word: str) -> str:
        return self.spellings.get(word, word)

    def similar(self, word: str) -> list[tuple[str, float]]:
        return [(other, likely) for other, likely in spelling.near(word) if other in self.spellings]

    def has_code(self, code: str) -> bool:
        return code in self.codes

    def has_ref(self, term: str) -> bool:
        return term in self.codes or term in self.refs

    def successors(self, code: str) -> Sequence[str]:
        return []

    def codes_like(self, digits: str, limit: int) -> Sequence[str]:
        plain = [(code.replace(".", ""), code) for code in self.codes]
        return [c for p, c in plain if p.startswith(digits) or p.endswith(digits)][:limit]


SYNONYMS = parse("gphn, giấy phép hành nghề\nlàm lại => cấp lại")


def plan(text: str, *, verbatim: bool = False) -> Plan:
    return build(text, Words(), SYNONYMS, verbatim)


def first_terms(text: str, *, verbatim: bool = False) -> list[tuple[str, ...]]:
    return [slot.alternatives[0].terms for slot in plan(text, verbatim=verbatim).slots]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("giaays phesp", "giấy phép"),
        ("giay61 phe1p", "giấy phép"),
        ("tieem churng", "tiêm chủng"),
        ("giấy chứg sinh", "giấy chứng sinh"),
        ("hanh nghê", "hanh nghê"),
        ("giay pehp", "giay phep"),
        ("giayphep hanh nghe", "giay phep hanh nghe"),
        ("gi ấy phép", "giấy phép"),
        ("thủ tuchanh chính", "thủ tục hành chính"),
        ("bác sỹ", "bác sỹ"),
        ("xyzzyx phép", "xyzzyx phép"),
    ],
)
def test_what_was_meant_is_searched_and_said(typed: str, meant: str) -> None:
    found = plan(typed)
    assert found.understood_as == meant
    assert found.corrected == (typed != meant)
    said = [term for slot in found.slots for term in slot.alternatives[0].terms]
    assert said == [fold(word) for word in meant.split()]


def test_verbatim_leaves_the_words_as_typed() -> None:
    assert first_terms("giaays gphn", verbatim=True) == [("giaays",), ("gphn",)]
    assert len(plan("gphn", verbatim=True).slots[0].alternatives) == 1


def test_an_abbreviation_is_not_mended_but_expanded() -> None:
    slot = plan("gphn").slots[0]
    assert [a.terms for a in slot.alternatives] == [("gphn",), ("giay", "phep", "hanh", "nghe")]


def test_synonyms_are_found_in_mended_words() -> None:
    assert plan("giaays phép hành nghề").slots[0].alternatives[1].terms == ("gphn",)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("1.012289", ["1.012289"]),
        ("1012289.000.00.00.H24", ["1.012289"]),
        ("1.0122", ["1.012289", "1.012290"]),
        ("10122", ["1.012289", "1.012290"]),
        ("012289", ["1.012289", "2.012289"]),
        ("1.012298", ["1.012298", "1.012289", "1.012290"]),
        ("96/2023/NĐ-CP", ["96/2023/nd-cp", "96/2023", "nd96/2023"]),
        ("nd 96", ["nd96"]),
        ("nghị định số 96 2023", ["nd96/2023"]),
    ],
)
def test_codes_and_numbers_are_one_slot(typed: str, terms: list[str]) -> None:
    (slot,) = plan(typed).slots
    assert [a.terms[0] for a in slot.alternatives] == terms


def test_words_beside_a_code_stay_words() -> None:
    assert first_terms("giấy phép 1.012289 hành") == [
        ("1.012289",), ("giay",), ("phep",), ("hanh",),
    ]  # fmt: skip


def test_a_name_and_a_number_that_no_document_has_are_just_words() -> None:
    assert first_terms("kế hoạch 2026") == [("ke",), ("hoach",), ("2026",)]
    assert first_terms("luật 7") == [("luat",), ("7",)]
    assert first_terms("9.99 phép") == [("9",), ("99",), ("phep",)]


def test_stop_words_are_optional() -> None:
    slots = plan("giấy phép cho sinh").slots
    assert [slot.optional for slot in slots] == [False, False, True, False]
    assert "cho" not in plan("giấy phép cho sinh").words


HOSTILE = st.text(max_size=3000) | st.text(
    alphabet=st.sampled_from("aáeơ*?~^\"'()[]{}:+-/\\&|!.,0123456789 \x00\u0301đANDORNOT"),
    max_size=3000,
)


@given(HOSTILE, st.booleans())
def test_any_text_is_a_bounded_plan(text: str, verbatim: bool) -> None:
    found = plan(text, verbatim=verbatim)
    assert len(found.slots) <= MAX_WORDS
    assert len(found.pairs) < MAX_WORDS
    assert len(found.understood_as) <= 2 * MAX_TEXT
    for slot in found.slots:
        assert 0 < len(slot.alternatives) <= max(MAX_ALTERNATIVES, MAX_CODES + 80)
        for alternative in slot.alternatives:
            assert 0 < len(alternative.terms) <= max(MAX_PHRASE, MAX_WORDS)
            for term in alternative.terms:
                assert term
                assert not set(term) & set(" *?~^\"'()[]{}:+\\&|!\x00")


def test_only_sixteen_words_count() -> None:
    assert len(plan("phep giay " * 40).slots) == MAX_WORDS


@given(st.text(alphabet="aăâeêioôơuưyàáảãạbcdđghklmnpqrstvxz", max_size=20))
def test_a_form_is_spelt_so_that_it_reads_back(word: str) -> None:
    if any(v in fold(word) for v in "aeiouy"):
        assert fold(spelling.spell(accented(word))) == fold(accented(word).rstrip("12345"))


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("giaays", "giấy"), ("phesp", "phép"), ("dduwowcj", "được"), ("dduowcj", "được"),
        ("nguwowif", "người"), ("hoaf", "hòa"), ("quys", "quý"), ("gif", "gì"), ("toans", "toán"),
        ("tieengs", "tiếng"), ("giay61", "giấy"), ("d9uoc75", "được"), ("ngoaif", "ngoài"),
        ("giay", ""), ("trang", ""),
    ],
)  # fmt: skip
def test_keys_of_telex_and_vni(keys: str, word: str) -> None:
    assert spelling.decode_keys(keys) == word


@given(st.text(max_size=60))
def test_any_word_is_decoded_or_not(word: str) -> None:
    assert len(spelling.decode_keys(word)) <= max(2 * len(word) + 1, 40)
    assert len(list(spelling.near(word))) < 1000


def test_empty_synonyms_change_nothing() -> None:
    assert build("giấy phép", Words(), Synonyms()).slots == plan("giấy phép").slots


@pytest.mark.parametrize("word", ["khuyết", "nghèo", "quỳnh", "điện", "thoại", "huyết", "chuẩn"])
def test_a_word_that_can_be_vietnamese_is_meant_though_no_document_has_it(word: str) -> None:
    assert not plan(f"{word} hành nghề").corrected
    assert spelling.is_syllable(fold(word))


@pytest.mark.parametrize("junk", ["phpe", "chug", "hnah", "ngheef", "xyz", "kac"])
def test_what_cannot_be_vietnamese_is_no_syllable(junk: str) -> None:
    assert not spelling.is_syllable(junk)


def test_an_old_document_leads_to_the_one_in_force() -> None:
    table = parse("109/2016/NĐ-CP => 96/2023/NĐ-CP")
    slot = build("nghị định 109/2016/NĐ-CP", Words(), table).slots[0]
    assert ("96/2023/nd-cp",) in [alternative.terms for alternative in slot.alternatives]


class Replaced(Words):
    """A vocabulary in which one code has been replaced by another."""

    def successors(self, code: str) -> Sequence[str]:
        return ["1.012289"] if code == "1.003803" else []


def test_an_old_code_names_what_took_its_place() -> None:
    plan = build("mã 1.003803.000.00.00.H24", Replaced(), Synonyms())
    assert plan.led == (("1.003803", ("1.012289",)),)


def test_an_old_code_of_the_table_leads_to_the_new_one_alone() -> None:
    plan = build("1.009999", Words(), parse("1.009999 => 1.012289, 1.000000"))
    assert plan.led == (("1.009999", ("1.012289",)),)
    assert [a.terms for a in plan.slots[0].alternatives] == [("1.012289",)]


@pytest.mark.parametrize("typed", ["1.01228", "1.0122899", "1.01228 9", "1.102289", "1.012288"])
def test_a_slip_in_a_code_leads_near(typed: str) -> None:
    slots = build(typed, Words(), Synonyms()).slots
    assert ("1.012289",) in [a.terms for slot in slots for a in slot.alternatives]
