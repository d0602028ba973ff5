"""Finding in a text what a wording asks for: the text cut into sentences and clauses, and the words of a wording close together in it.

A wording is written ``记录 + 客户 + 信息``: all parts must be said, in any order and close together. A part is ``one|another``; a word
that names a group of the :mod:`thesaurus <.thesaurus>` stands for the whole group, ``=word`` for the word alone. English words are stems
unless they end with ``$``. A wording that begins with ``~`` is made by saying it, even in the negative (``~划算``: worth it or not).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product

from rapidfuzz import fuzz

from .thesaurus import groups

SENTENCE = re.compile(r"[^。！？!?；;\n]+")
CLAUSE = re.compile(r"[^,，、:：。！？!?；;→⇒>\n]+")
CJK = re.compile(r"[\u3400-\u9fff]")
NEAR = {True: 26, False: 110}
"""How many characters the parts of a wording may be apart, in Chinese and in other text, before the match becomes unsure."""
FUZZY = {True: (6, 83), False: (8, 88)}
"""Shortest word that may be misspelt, and how alike (0 to 100) it must be. Short Chinese words differ by one sign from their opposite."""
OCCURRENCES = 6
"""Occurrences of one part that are tried; a text that repeats a word more often says nothing new."""

BENIGN = re.compile(
    r"不得不|不能不|不可不|差不多|不一样|非易失|对不对|不外乎|不限于|不仅|不但|不只|不光|不单|不同|不断|"
    r"不管|不论|无论|非常|不少|不过|不久|除非|是否|能否|可否|无非|未来|未必|不妨|不一|不等|不止|无形"
)
"""Words that only look as if they denied something."""
NEGATORS = re.compile(
    r"不需要|不必|不用|不要|不能|不应|不会|不是|不该|无须|无需|没有|并非|拒绝|停止|忽略|忽视|不|没|无|"
    r"未|非|勿"
)
EN_BENIGN = re.compile(r"not only|not just|not merely|no matter|whether or not|not least|no doubt|nothing but")
EN_NEGATORS = re.compile(
    r"\b(?:not|no|never|without|neither|nor|cannot|can't|don't|doesn't|isn't|aren't|needn't|shouldn't|won't|hardly|instead of|"
    r"rather than|ignore|ignoring|stop|refuse)\b"
)
DENIED = re.compile(
    r".{0,6}?(?:(?:没有?必要|不必要|不重要|没有?用|无用|没有?意义|是?错误?的|是错|不对|不可取|不需要|不存在|无关|没有?关系)|"
    r"\b(?:is|are|was) (?:not|un)\s?(?:needed|necessary|important|required|useful)|\b(?:unnecessary|useless|wrong|pointless|irrelevant)\b)"
)
TURN = re.compile(r"但|却|而是|反而|\b(?:but|yet)\b")
"""Words after which a sentence takes the other side: what follows them is not denied by what stood before."""
REACH = {True: 9, False: 32}
"""How far before a word a negator still denies it."""


def plain(text: str) -> str:
    """Return ``text`` in lower case and half width, character by character: places in it are places in ``text``."""
    return "".join(_plain(sign) for sign in text)


@cache
def _plain(sign: str) -> str:
    folded = unicodedata.normalize("NFKC", sign).lower()
    return folded if len(folded) == 1 else sign


@dataclass(frozen=True)
class Span:
    """A stretch of a text, from ``start`` up to but without ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Match:
    """Where a wording was found: the spans of its parts, how sure it is (0 to 1), and whether the text denies it."""

    spans: tuple[Span, ...]
    confidence: float
    denied: bool = False

    def rank(self) -> tuple[bool, float, int]:
        """Return what makes a match the better one: not denied, then sure, then short."""
        return not self.denied, self.confidence, self.whole.start - self.whole.end

    @property
    def whole(self) -> Span:
        """The stretch from the first part to the last."""
        return Span(min(span.start for span in self.spans), max(span.end for span in self.spans))


def sentences(text: str) -> list[Span]:
    """Return the sentences of ``text``; an English full stop ends one where white space or the end follows."""
    found = []
    for match in SENTENCE.finditer(text):
        start = match.start()
        for stop in re.finditer(r"\.(?=\s|$)", match.group()):
            found.append(Span(start, match.start() + stop.end()))
            start = match.start() + stop.end()
        found.append(Span(start, match.end()))
    return [span for span in found if text[span.start : span.end].strip()]


def clauses(text: str, within: Span) -> list[Span]:
    """Return the clauses of one sentence."""
    found = CLAUSE.finditer(text, within.start, within.end)
    return [Span(match.start(), match.end()) for match in found if match.group().strip()]


def is_chinese(text: str) -> bool:
    """Say whether ``text`` is mainly Chinese (one character weighs as much as three letters)."""
    return len(CJK.findall(text)) * 3 >= len(re.findall(r"[a-z]", text))


@dataclass(frozen=True)
class Part:
    """One part of a wording: the words that may say it, and the pattern that finds them all."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def parts(wording: str) -> tuple[Part, ...]:
    """Return the parts of a wording, each with all the words that may say it."""
    known = groups()
    found = []
    for part in wording.lower().removeprefix("~").split(" + "):
        words: list[str] = []
        for word in (word.strip() for word in part.split("|")):
            words += [word[1:]] if word.startswith("=") else known.get(word, (word,))
        unique = sorted(dict.fromkeys(words), key=len, reverse=True)  # the longest of several that fit
        found.append(Part(tuple(unique), re.compile("|".join(map(_pattern, unique)))))
    return tuple(found)


def _pattern(word: str) -> str:
    if CJK.search(word):
        return re.escape(word)
    return r"(?<![a-z])" + (re.escape(word[:-1]) + r"(?![a-z])" if word.endswith("$") else re.escape(word) + r"[a-z]*")


def search(wording: str, text: str, sentence: Span, *, exact: bool = False) -> Match | None:
    """Return the best match of ``wording`` in one sentence of ``text`` (which is :func:`plain`), or ``None``; ``exact`` allows no slip of the pen."""
    found = []
    for part in parts(wording):
        spans = list(islice(occurrences(part, text, sentence, exact=exact), OCCURRENCES))
        if not spans:
            return None
        found.append(spans)
    matches = [_match(combination, text, sentence) for combination in product(*found[:6])]
    if wording.startswith("~"):
        matches = [replace(match, denied=False) for match in matches]
    return max(matches, key=Match.rank, default=None)


def covered(wording: str, text: str, sentence: Span) -> float:
    """Return the share of the parts of ``wording`` that the sentence has: how near a miss is."""
    asked = parts(wording)
    return sum(any(True for _ in occurrences(part, text, sentence)) for part in asked) / len(asked)


def occurrences(part: Part, text: str, sentence: Span, *, exact: bool = False) -> Iterator[tuple[Span, float]]:
    """Yield where the part is said in the sentence, and how sure that is."""
    seen = False
    for match in part.pattern.finditer(text, sentence.start, sentence.end):
        seen = True
        yield Span(match.start(), match.end()), 1.0
    if seen or exact:
        return
    within = text[sentence.start : sentence.end]
    for word in part.words:
        shortest, score = FUZZY[bool(CJK.search(word))]
        if len(word) >= shortest and len(within) >= len(word):
            found = fuzz.partial_ratio_alignment(word, within, score_cutoff=score)
            if found:
                yield Span(sentence.start + found.dest_start, sentence.start + found.dest_end), 0.75


def _match(combination: tuple[tuple[Span, float], ...], text: str, sentence: Span) -> Match:
    spans = tuple(span for span, _ in combination)
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    said = text[whole.start : whole.end]
    near = NEAR[is_chinese(said)]
    loose = max(0, whole.end - whole.start - near) / near
    confidence = min(sure for _, sure in combination) * max(0.3, 1 - 0.5 * loose)
    return Match(spans, round(confidence, 2), denied(text, spans, sentence))


def denied(text: str, spans: tuple[Span, ...], sentence: Span) -> bool:
    """Say whether the sentence denies what stands at ``spans``: a negator before one of them in its clause, or a verdict after them."""
    chinese = is_chinese(text[sentence.start : sentence.end])
    for clause in clauses(text, sentence):
        inside = [span for span in spans if clause.start <= span.start < clause.end]
        if not inside:
            continue
        said = text[clause.start : clause.end]
        last = max(span.end for span in inside) - clause.start
        if DENIED.match(said[last:]):
            return True
        for place, length in _negators(said, chinese):
            start, end = clause.start + place, clause.start + place + length
            own = any(span.start <= start < span.end for span in spans)
            reached = any(
                0 <= span.start - end <= REACH[chinese] and not TURN.search(text, end, span.start) for span in inside
            )
            if reached and not own:
                return True
    return False


def _negators(clause: str, chinese: bool) -> Iterator[tuple[int, int]]:
    """Yield place and length of the negators of a clause; words that only look like one are passed over."""
    benign, negators = (BENIGN, NEGATORS) if chinese else (EN_BENIGN, EN_NEGATORS)
    clear = benign.sub(lambda match: "~" * len(match.group()), clause)
    yield from ((match.start(), len(match.group())) for match in negators.finditer(clear))
