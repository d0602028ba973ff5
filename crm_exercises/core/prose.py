"""Free text marked by key points: a term defined, a short answer.

The kind says which points an answer makes, in whose words, how sure that is, and when a person should look. It reads words, not
meaning: what it gives is a proposal until a person has confirmed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar, Literal

from pydantic import Field
from rapidfuzz import fuzz

from . import wording
from .comparison import Comparison
from .errors import MalformedError
from .kinds import Json, Kind, Pair
from .messages import Message
from .scalars import TEXT_LIMIT
from .wording import Match, Span

FOUND = 0.5
"""Confidence from which a point counts."""
SURE = 0.8
"""Confidence from which nobody needs to look."""
COPIED = 88
"""Alikeness (0 to 100) from which a clause counts as copied from the question."""
UNREAD = 14
"""How many characters that make no point are many, in Chinese; other writing takes three times as many."""
FUNCTION_ZH = re.compile(
    r"[的是为把将被让给从由]|(?<!信)(?<!费)(?<!作)用(?!户)|通过|进行|可以|能够|需要|应该?|以便|根据|按照?|使得?|如果|因为|所以|就|也|都|还|着|了|会|在|对(?!象)|并|而|"
    r"列出|找出|算出|看出|得到|计算(?!机)|采取|比较(?=各|每)|第[一二三四五]步|如果|不能|不要"
)
FUNCTION_EN = re.compile(
    r"\b(?:is|are|was|be|the|a|an|of|to|that|which|who|for|by|with|we|it|they|you|can|must|should|so|because|when|if|how|what|from|as|in|on|"
    r"has|have|tells?|shows?|means?|helps?|into|this|these|its|"
    r"their|our|and|or|across|first|second|third|each|every|than|but|not|only)\b"
)


class Slip(Pair):
    """A statement that contradicts a point, and what is said to a student who makes it."""

    wordings: tuple[str, ...] = Field(min_length=1)


class Point(Pair):
    """One key point: what it says (in both languages), the wordings that make it, and slips that contradict it."""

    wordings: tuple[str, ...] = Field(min_length=1)
    against: tuple[Slip, ...] = ()
    weight: float = Field(default=1.0, gt=0)


@dataclass(frozen=True)
class Finding:
    """How an answer stands to one point.

    Attributes
    ----------
    index
        Place of the point in the kind.
    start, end, words
        Where in the answer, and the student's own words there (empty if nothing was found).
    confidence
        0 to 1; the point counts from :data:`FOUND` if it is neither denied nor only a word in a list.
    denied, listed
        The answer says the opposite; the words stand in a list without a sentence.
    slip
        The contradicting statement that was recognised.
    """

    index: int
    start: int = 0
    end: int = 0
    words: str = ""
    confidence: float = 0.0
    denied: bool = False
    listed: bool = False
    slip: Slip | None = None

    @property
    def counts(self) -> bool:
        """Whether the point is made."""
        return self.confidence >= FOUND and not self.denied and not self.listed


@dataclass(frozen=True)
class Reading:
    """What was read in an answer: a finding for each point, the credit (0 to 1) and why a person should look, if one should."""

    findings: tuple[Finding, ...]
    credit: float
    reasons: tuple[Message, ...] = field(default=())

    @property
    def needs_person(self) -> bool:
        """Whether a person should look before the marks count."""
        return bool(self.reasons)

    @property
    def found(self) -> tuple[Finding, ...]:
        """The points that are made."""
        return tuple(finding for finding in self.findings if finding.counts)

    @property
    def confidence(self) -> float:
        """The least sure of what decided the credit: points that count, and near misses that do not; never sure where a person should look."""
        sure = [each.confidence if each.counts else 1 - each.confidence for each in self.findings]
        return min([*sure, FOUND] if self.reasons else sure, default=0.0)


class Prose(Kind):
    """Credit is the weight of the points made over the weight that is asked for (``enough`` points, or all)."""

    kind: Literal["prose"]
    form: ClassVar[bool] = True
    points: tuple[Point, ...] = ()
    enough: int | None = Field(default=None, ge=1)
    """How many points (the heaviest first) earn full credit; all, if not said."""
    term: tuple[str, ...] = ()
    """The term to be defined, or names that say nothing by themselves: using them again makes no point."""
    naming: bool = False
    """Whether naming is enough: a list is an answer then."""
    stem: Pair | None = Field(default=None, exclude=True)
    """The question; the exercise fills it in from its task."""

    def canonical(self, value: Any) -> Json:
        if not isinstance(value, str):
            raise MalformedError("malformed.text", type=type(value).__name__)
        if len(value) > TEXT_LIMIT:
            raise MalformedError("malformed.long_text", limit=TEXT_LIMIT)
        return value.strip()

    def compare(self, given: Json, expected: Json) -> Comparison:
        reading = self.read(given)
        return Comparison(reading.credit, tuple(self._told(reading)), reading.reasons, reading.confidence)

    def public(self) -> Kind:
        return self.model_copy(update={"points": (), "stem": None})

    def read(self, answer: str) -> Reading:
        """Return what ``answer`` says of the points. Pure: the same answer always gives the same reading."""
        text = self._own_words(wording.plain(answer))
        listed = () if self.naming else tuple(_lists(text))
        findings = tuple(self._finding(index, point, answer, text, listed) for index, point in enumerate(self.points))
        return Reading(findings, self._credit(findings), tuple(self._reasons(answer, text, findings)))

    def _own_words(self, text: str) -> str:
        """Return ``text`` with the term and what is copied from the question blanked out; places stay."""
        for term in self.term:
            text = text.replace(wording.plain(term), " " * len(term))
        for stem in (wording.plain(self.stem[lang]) for lang in ("zh", "en")) if self.stem else ():
            for sentence in wording.sentences(text):
                for clause in wording.clauses(text, sentence):
                    if _copied(text[clause.start : clause.end].strip(), stem):
                        text = text[: clause.start] + " " * (clause.end - clause.start) + text[clause.end :]
        return text

    def _finding(self, index: int, point: Point, answer: str, text: str, listed: tuple[Span, ...]) -> Finding:
        whole = wording.sentences(text)
        apart = [clause for sentence in whole for clause in wording.clauses(text, sentence)]
        for slip in point.against:
            for match in _matches(slip.wordings, text, apart, exact=True):
                if not match.denied and match.confidence >= FOUND:
                    return _quoted(index, match, answer, denied=True, slip=slip)
        best = max(_matches(point.wordings, text, whole), key=Match.rank, default=None)
        if best:
            inside = any(span.start <= best.whole.start and best.whole.end <= span.end for span in listed)
            return _quoted(index, best, answer, denied=best.denied, listed=inside)
        return Finding(index, confidence=self._near(point, text, whole))

    def _near(self, point: Point, text: str, whole: list[Span]) -> float:
        """Return how near a miss is: all parts but over two sentences, or all parts but one."""
        pairs = [Span(first.start, second.end) for first, second in pairwise(whole)]
        over_two = (wording.search(each, text, pair) for each in point.wordings for pair in pairs)
        if any(match and not match.denied for match in over_two):
            return 0.45
        shares = [wording.covered(each, text, span) for each in point.wordings if " + " in each for span in whole]
        return 0.3 if max(shares, default=0.0) >= 0.66 else 0.0

    def _credit(self, findings: tuple[Finding, ...]) -> float:
        """Whoever contradicts a point cannot leave it out: then all points are asked for."""
        weights = sorted((point.weight for point in self.points), reverse=True)
        asked = sum(weights if any(finding.slip for finding in findings) else weights[: self.enough])
        made = sum(self.points[finding.index].weight for finding in findings if finding.counts)
        return round(min(1.0, made / asked), 4) if asked else 0.0

    def _reasons(self, answer: str, text: str, findings: tuple[Finding, ...]) -> Iterator[Message]:
        """Yield why a person should look."""
        full = self._credit(findings) == 1
        for each in findings:
            point = self.points[each.index]
            if each.denied:
                yield Message("prose.doubt_denied", {"point": _pair(point), "words": each.words})
            elif each.counts and each.confidence < SURE:
                yield Message("prose.doubt_unsure", {"point": _pair(point), "words": each.words})
            elif not each.counts and not each.listed and each.confidence >= 0.3 and not full:
                yield Message("prose.doubt_near", {"point": _pair(point)})
        if any(each.listed for each in findings) or (self.naming and _names_only(text, findings)):
            yield Message("prose.doubt_list")
        if self.naming and len(_fragments(text)) > 2 * len(self.points) + 4:
            yield Message("prose.doubt_many")
        own, all_ = len(text.replace(" ", "")), len(answer.replace(" ", ""))
        if all_ and own < 0.5 * all_ and findings and not full and own > 4:
            yield Message("prose.doubt_copied")
        if not full and not any(each.listed for each in findings) and self._unread(text, findings):
            yield Message("prose.doubt_unread")

    def _unread(self, text: str, findings: tuple[Finding, ...]) -> bool:
        """Say whether much was written that makes no point but belongs to the question, or is long: it may be said as nobody foresaw."""
        whole = wording.sentences(text)
        apart = [clause for sentence in whole for clause in wording.clauses(text, sentence)]
        made = [each for each in findings if each.words]
        rest = [
            clause for clause in apart if not any(each.start < clause.end and clause.start < each.end for each in made)
        ]
        left = sum(len(text[clause.start : clause.end].strip()) for clause in rest)
        much = UNREAD if wording.is_chinese(text) else 3 * UNREAD
        if left < much:
            return False
        touched = (
            wording.covered(each, text, span) >= 0.5
            for point in self.points
            for each in point.wordings
            for span in whole
        )
        return bool(made) or left >= 2 * much or any(touched)

    def _told(self, reading: Reading) -> Iterator[Message]:
        """Yield what the student is told: the points found in their own words, what contradicts, how many are missing."""
        for each in reading.findings:
            point = _pair(self.points[each.index])
            if each.slip:
                yield Message("prose.slip", {"words": each.words, "why": {"zh": each.slip.zh, "en": each.slip.en}})
            elif each.denied:
                yield Message("prose.denied", {"words": each.words})
            elif each.counts:
                yield Message("prose.found", {"point": point, "words": each.words})
        if any(each.listed for each in reading.findings):
            yield Message("prose.listed")
        missing = (self.enough or len(self.points)) - len(reading.found)
        if reading.credit < 1 and missing > 0:
            yield Message("prose.missing", {"count": missing})
        if reading.reasons:
            yield Message("prose.person")


def _pair(pair: Pair) -> dict[str, str]:
    return {"zh": pair.zh, "en": pair.en}


def _matches(wordings: tuple[str, ...], text: str, whole: list[Span], *, exact: bool = False) -> Iterator[Match]:
    for each in wordings:
        for sentence in whole:
            match = wording.search(each, text, sentence, exact=exact)
            if match:
                yield match


def _quoted(index: int, match: Match, answer: str, **about: Any) -> Finding:
    """Return a finding with the student's own words: the clauses that the match touches."""
    text = wording.plain(answer)
    spans = [
        clause
        for sentence in wording.sentences(text)
        for clause in wording.clauses(text, sentence)
        if clause.start < match.whole.end and match.whole.start < clause.end
    ] or [match.whole]
    start, end = spans[0].start, spans[-1].end
    words = answer[start:end].strip()
    if len(words) > 90:
        words = "…" + answer[match.whole.start : match.whole.end].strip()[:90] + "…"
    return Finding(index, match.whole.start, match.whole.end, words, match.confidence, **about)


def _copied(clause: str, stem: str) -> bool:
    """Say whether a clause stands in the question: word for word, or nearly so if it is long enough to tell."""
    weight = len(clause) if wording.is_chinese(clause) else len(clause) // 3
    return (weight >= 4 and clause in stem) or (weight >= 8 and fuzz.partial_ratio(clause, stem) >= COPIED)


def _names_only(text: str, findings: tuple[Finding, ...]) -> bool:
    """Say whether points are named and nothing is said of any: no word of a sentence, and a name for each point."""
    spoken = (FUNCTION_ZH if wording.is_chinese(text) else FUNCTION_EN).search(text)
    said = [clause for sentence in wording.sentences(text) for clause in wording.clauses(text, sentence)]
    return not spoken and 0 < len(said) <= sum(each.counts for each in findings)


def _fragments(text: str) -> list[str]:
    return [part for part in re.split(r"[,，、;；。.|/→⇒>\n]|(?<=[\u3400-\u9fff])\s+", text) if part.strip()]


def _lists(text: str) -> Iterator[Span]:
    """Yield the sentences that are lists of words: short fragments, hardly a word that makes a sentence of them, or no more than a word."""
    whole = wording.sentences(text)
    if len(wording.CJK.findall(text)) <= 4 and len(re.findall(r"[a-z]+", text)) <= 2:
        yield from whole
        return
    if all(_is_list(text[each.start : each.end], shortest=2) for each in whole):
        yield from whole if len(_fragments(text)) >= 3 or not wording.is_chinese(text) else ()
        return
    yield from (each for each in whole if _is_list(text[each.start : each.end], shortest=5))


def _is_list(said: str, shortest: int) -> bool:
    fragments = _fragments(said)
    if wording.is_chinese(said):
        short = [part for part in fragments if len(part.strip()) <= 6]
        speaking = [part for part in fragments if FUNCTION_ZH.search(part)]
        enough = len(fragments) >= shortest or len(said.strip()) <= 6
        return enough and len(short) >= 0.7 * len(fragments) and len(speaking) <= 0.2 * len(fragments)
    words = re.findall(r"[a-z]+", said)
    return len(words) >= min(shortest, 4) and not FUNCTION_EN.search(said)
