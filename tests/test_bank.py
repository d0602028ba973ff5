"""The question bank as a whole: complete, explained, and not to be guessed."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import permutations
from typing import Any

import pytest

from crm_exercises.authoring.source import read_source
from crm_exercises.core.chapter import Exercise
from crm_exercises.core.errors import MalformedError
from crm_exercises.core.explain import explained
from crm_exercises.core.forms import Fill, Matching, Ordering
from crm_exercises.core.kinds import Choice, Choices, Kind, Pair
from crm_exercises.core.messages import LANGS
from crm_exercises.core.paper import self_contained
from crm_exercises.core.paths import ROOT
from crm_exercises.core.prose import Prose
from crm_exercises.plots import label


@cache
def bank() -> list[tuple[Exercise, Kind, Any]]:
    """Return each question of chapter 12 that is clicked or typed, with its kind and right answer."""
    found = []
    for path in sorted((ROOT / "course").glob("ch12*.md")):
        for exercise in read_source(path).chapter:
            if not self_contained(exercise):
                continue
            names: dict[str, Any] = {"label": label}
            exec(exercise.body, names)
            found += [(exercise, kind, kind.canonical(names[name])) for name, kind in exercise.answer.items()]
    return found


def of(kind: type[Kind]) -> list[Any]:
    return [pytest.param(*entry, id=entry[0].id) for entry in bank() if isinstance(entry[1], kind)]


def test_there_are_enough_questions_of_every_kind() -> None:
    count = Counter(kind.kind for _, kind, _ in bank())
    topics = Counter(exercise.topic for exercise, _, _ in bank())
    assert sum(count.values()) >= 120
    assert count["prose"] >= 16
    assert min(count.values()) >= 5
    assert (topics["qa-terms"], topics["qa-short"], topics["qa-single"], topics["qa-multiple"]) == (5, 11, 10, 10)


def test_every_question_has_a_difficulty_and_its_own_number() -> None:
    assert all(exercise.difficulty for exercise, _, _ in bank())
    chapters = [read_source(path).chapter for path in sorted((ROOT / "course").glob("ch12*.md"))]
    numbers = [exercise.number for chapter in chapters for exercise in chapter]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("lang", LANGS)
def test_every_question_is_explained(lang: str) -> None:
    for exercise, kind, _ in bank():
        told = explained(exercise, lang)
        assert told, exercise.id
        if isinstance(kind, Choice | Choices):
            whys = [option.why[lang] if option.why else "" for option in kind.options.values()]
            assert all(why.strip("对。Right. ") for why in whys), exercise.id  # "right" alone does not say why
        if isinstance(kind, Matching):
            assert kind.reasons.keys() == kind.items.keys(), exercise.id


def test_letters_and_lengths_give_nothing_away() -> None:
    choices = [(kind, right) for _, kind, right in bank() if isinstance(kind, Choice)]
    letters = Counter(right for _, right in choices)
    assert max(letters.values()) <= 0.35 * len(choices)
    for lang in LANGS:
        longest = [max(kind.options, key=lambda letter: len(kind.options[letter][lang])) for kind, _ in choices]
        assert sum(mine == right for mine, (_, right) in zip(longest, choices, strict=True)) <= 0.35 * len(choices)


@pytest.mark.parametrize(("exercise", "kind", "right"), of(Choices))
def test_ticking_everything_earns_nothing(exercise: Exercise, kind: Choices, right: list[str]) -> None:
    assert kind.compare(sorted(kind.options), right).credit == 0
    assert kind.compare([], right).credit == 0


@pytest.mark.parametrize(("exercise", "kind", "right"), of(Matching))
def test_blind_matching_earns_nothing(exercise: Exercise, kind: Matching, right: dict[str, str]) -> None:
    for letter in kind.options:
        assert kind.compare(dict.fromkeys(kind.items, letter), right).credit == 0
    assert kind.compare(dict(zip(kind.items, kind.options, strict=False)), right).credit == 0
    assert kind.compare(right, right).credit == 1


@pytest.mark.parametrize(("exercise", "kind", "right"), of(Ordering))
def test_the_order_as_printed_earns_nothing(exercise: Exercise, kind: Ordering, right: list[str]) -> None:
    assert kind.compare(sorted(kind.items), right).credit == 0
    assert kind.compare(sorted(kind.items, reverse=True), right).credit == 0


@pytest.mark.parametrize(("exercise", "kind", "right"), of(Fill))
def test_gaps_take_both_languages(exercise: Exercise, kind: Fill, right: str) -> None:
    assert all(kind.compare(word, right).right for word in kind.accept)
    assert not kind.compare("?", right).right


# --- the kinds themselves ----------------------------------------------------------------------------------------------


@pytest.fixture
def ordering() -> Ordering:
    return Ordering(kind="ordering", items={letter: Pair(zh=letter, en=letter) for letter in "abcd"})


def test_order_is_credited_beyond_chance(ordering: Ordering) -> None:
    right = list("bdac")
    credits = [ordering.compare(list(order), right).credit for order in permutations("abcd")]
    assert ordering.compare(list("bdca"), right).credit == 0.5
    assert sum(credits) / len(credits) < 0.25
    assert credits.count(1.0) == 1
    assert ordering.compare(["b", "d"], right).credit == 0


@pytest.mark.parametrize("text", ["bdac", "b d a c", "b,d,a,c", "b→d→a→c", "b、d、a、c"])
def test_an_order_may_be_typed_in_many_ways(ordering: Ordering, text: str) -> None:
    assert ordering.canonical(text) == list("bdac")


@pytest.mark.parametrize("value", ["bx", ["a", "a"], 3, {"a": 1}])
def test_what_is_no_order_is_malformed(ordering: Ordering, value: object) -> None:
    with pytest.raises(MalformedError):
        ordering.canonical(value)


def test_matching_reads_numbers_and_skips_gaps() -> None:
    texts = {letter: {"zh": letter, "en": letter} for letter in "ab"}
    kind = Matching(kind="matching", items={"1": texts["a"], "2": texts["b"]}, options=dict(texts))
    assert kind.canonical({1: "B", 2: ""}) == {"1": "b"}
    for value in ({"3": "a"}, {"1": "z"}, ["a"]):
        with pytest.raises(MalformedError):
            kind.canonical(value)
    assert kind.public().canonical({"1": "a"}) == {"1": "a"}


@pytest.mark.parametrize(
    ("given", "right"), [("Data  Warehouse", True), ("“数据仓库”", True), ("数据仓贮", False), ("data ware", False)]
)
def test_a_gap_forgives_form_not_content(given: str, right: bool) -> None:
    kind = Fill(kind="fill", accept=("data warehouse",))
    assert kind.compare(kind.canonical(given), "数据仓库").right is right


def test_numbers_in_a_gap_are_numbers() -> None:
    kind = Fill(kind="fill")
    assert kind.compare(kind.canonical(87.5), "87.50").right
    assert kind.compare(kind.canonical("１２０"), "120").right
    assert kind.compare("datawarehose", "data warehouse").differences[0].key == "diff.fill_close"


def test_public_questions_tell_nothing() -> None:
    for exercise, kind, right in bank():
        public = exercise.public()
        text = public.model_dump_json()
        assert not public.hints and not public.body
        if isinstance(kind, Prose):
            assert kind.points[0].zh not in text
        if isinstance(kind, Choice | Choices):
            assert all(
                option.why.zh not in text for option in kind.options.values() if option.why and len(option.why.zh) > 4
            )
        if isinstance(kind, Fill) and kind.why:
            assert kind.why.zh not in text
        assert next(iter(public.answer.values())).canonical(right) == right
