"""What a Vietnamese word can look like: syllables by rule, so that a slip of the keyboard shows.

Nearly every Vietnamese word is a syllable: an onset, a rhyme and a tone. A word that is none is
foreign, mistyped ("ngừoi") or wears its tone on the wrong letter ("hoá" for "hóa"). A syllable
that ends in a stop (-c, -ch, -p, -t) must carry a tone, so "thu tuc" cannot be right; other bare
syllables are right only when they are words ("trong", "cho"), which a list must say.
"""

from __future__ import annotations

import re
import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SHARP_OR_HEAVY = ("\u0301", "\u0323")


def listed(words: str) -> frozenset[str]:
    """The words of a list between blanks."""
    return frozenset(words.split())


_ONSETS = listed("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")
_RHYMES = listed(
    """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh
ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê
uêch uên uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uynh uyt uyu
ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu ynh yt ych yn
"""
)
_QUALITY = "ăâêôơư"
_VOWELS = "aeiouy" + _QUALITY
_STOP = re.compile(r"(?:ch|[cpt])$")
_FRONT = re.compile(r"[eêiy]")

# Words that are right without any mark. Rare ones are left out on purpose: a word that is
# mostly a forgotten mark ("giay", "kham", "thoi") is worth asking about.
BARE = listed(
    """
ai am an anh ba ban bao bay bi bia binh bom bong boong bung ca cai cam can canh cao cha chai chan
chao che chi chia chim chinh cho choi chu chung coi con cong cung dai danh dao day dinh do doanh
du dung duy em ga gai gam gan ganh ghen ghi ghim gia giai gian giao gieo gom ha hai ham han hang
hay hi ho hoa hoan hoang hoe hoi hong huy hy in ka kem ken keo kha khai khay khen khi kho khoa
khoai khoan khoang khu khung khuya kia kim kinh lai lam lan lang lao lau lay leo linh lo loa loang
loay loe long lui lung ma mai man mang may men minh mong mu mua na nai nam nan nao nay neo nga
ngai ngang ngay nghe nghi ngoan nguy nha nhai nhanh nhau nhi nhu nhung no nong nung oai oan on ong
pa phanh phao phi phim phong phun phung qua quan quang quanh quay quen quy ra rao rau reo ri run
sa sai sang sao sau say sen sinh so soi son song sung suy ta tai tam tan tang tay te tem ten teo
thai tham than thang thanh thao thay theo thi thoa thu thua thung ti tim tin tinh to toa tra trang
tranh trao trau treo trong trung truy tu tua ty ung va vai van vang vay ve vi vinh vu vua vui vung
xa xanh xe xem xen xin xinh xoa xoay xong xu xung y
"""
)


def split_tone(word: str) -> tuple[str, list[tuple[int, str]]]:
    """The word without tones, in lower case, and each tone with the letter it stands on."""
    letters: list[str] = []
    tones: list[tuple[int, str]] = []
    for mark in unicodedata.normalize("NFD", word.lower()):
        if mark in _TONES:
            tones.append((len(letters) - 1, mark))
        elif unicodedata.combining(mark) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + mark)
        else:
            letters.append(mark)
    return "".join(letters), tones


def is_bare(word: str) -> bool:
    """No mark of any kind: neither a tone nor a hat, horn or bar."""
    return word.isascii()


def is_syllable(word: str) -> bool:
    """Whether `word` is spelt as a Vietnamese syllable can be spelt, tone in its place."""
    base, tones = split_tone(word)
    if len(tones) > 1:
        return False
    return any(_fits(onset, rhyme, tones) for onset, rhyme in _cuts(base))


def _cuts(base: str) -> list[tuple[str, str]]:
    found = [(onset, base[len(onset) :]) for onset in _ONSETS if base.startswith(onset)]
    found.append(("", base))
    return [(onset, rhyme) for onset, rhyme in found if rhyme in _RHYMES and _goes(onset, rhyme)]


def _goes(onset: str, rhyme: str) -> bool:
    front = bool(_FRONT.match(rhyme))
    if onset in ("k", "gh", "ngh"):
        return front
    if onset in ("c", "ng"):
        return not front
    if onset == "g":
        return not front or rhyme.startswith("i")
    return True


def _fits(onset: str, rhyme: str, tones: list[tuple[int, str]]) -> bool:
    if not tones:
        # A stop wants a tone; a bare word is judged by `forgotten`, with better words.
        return True
    where, tone = tones[0]
    if _STOP.search(rhyme) and tone not in _SHARP_OR_HEAVY:
        return False
    return where == len(onset) + _bearer(rhyme)


def _bearer(rhyme: str) -> int:
    """The letter of the rhyme that carries the tone, as offices write it (hòa, thủy)."""
    vowels = 0
    while vowels < len(rhyme) and rhyme[vowels] in _VOWELS:
        vowels += 1
    marked = [i for i in range(vowels) if rhyme[i] in _QUALITY]
    if marked:
        return marked[-1]
    if vowels == 1:
        return 0
    if vowels == 2:
        return 1 if vowels < len(rhyme) else 0
    return 1


def forgotten(word: str) -> bool:
    """Whether marks are missing: a syllable without any that is no word as it stands."""
    if not is_syllable(word):
        return False
    base, tones = split_tone(word)
    if not tones and _STOP.search(base):
        return True
    return is_bare(word) and base not in BARE
