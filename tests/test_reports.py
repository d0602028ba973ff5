"""What is made from results: statistics that agree with their definitions, pages that are safe, a review list that loses nothing."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crm_exercises.core.chapter import Chapter, read_chapter
from crm_exercises.core.errors import UsageError
from crm_exercises.core.figures import Figure
from crm_exercises.core.kinds import Pair
from crm_exercises.core.marking import Outcome, Verdict
from crm_exercises.core.messages import LANGS, Message
from crm_exercises.grading import reports, similarity
from crm_exercises.grading.classreport import ClassReport
from crm_exercises.grading.csvfile import read_rows, to_csv
from crm_exercises.grading.feedback import discreet, inline
from crm_exercises.grading.gradebook import Gradebook, Overrides, Row, rows
from crm_exercises.grading.items import correlation, items, reliability
from crm_exercises.grading.naming import student_number
from crm_exercises.grading.results import Result, Results, stems
from crm_exercises.grading.similarity import fingerprints, pairs

CHAPTER = read_chapter("ch06_value")
NAMES = list(CHAPTER.exercises)


def result(student: str, earned: list[float], **more: Any) -> Result:
    """Return a result with these marks for the first exercises and nothing for the others."""
    verdicts = []
    for place, exercise in enumerate(CHAPTER):
        mark = earned[place] if place < len(earned) else 0.0
        outcome = Outcome.CORRECT if mark == exercise.marks else Outcome.WRONG
        verdicts.append(Verdict(exercise.id, outcome, mark, exercise.marks))
    fields = {
        "name": "",
        "chapter": CHAPTER.name,
        "lang": "en",
        "source": f"{student}.ipynb",
        "status": "graded",
        "key": student,
    }
    return Result(student=student, verdicts=verdicts, marks=CHAPTER.marks, total=sum(earned), **(fields | more))


def made(results: list[Result]) -> list[Row]:
    return rows(results, Overrides(Path("nowhere"), CHAPTER), CHAPTER)


def test_facility_and_discrimination_follow_moodle_s_definitions() -> None:
    draw = random.Random(3)
    table = [[draw.choice([0, exercise.marks]) for exercise in CHAPTER] for _ in range(40)]
    found = items(CHAPTER, made([result(f"{number:04}", marks) for number, marks in enumerate(table)]))
    array = np.array(table, dtype=float)
    for place, item in enumerate(found):
        full = item.exercise.marks
        assert item.facility == pytest.approx(100 * array[:, place].mean() / full)
        rest = array.sum(axis=1) - array[:, place]
        assert item.discrimination == pytest.approx(100 * np.corrcoef(array[:, place], rest)[0, 1])


def test_an_index_without_meaning_is_not_given() -> None:
    assert correlation(np.array([1.0, 1, 1]), np.array([1.0, 2, 3])) is None
    assert reliability(np.ones((10, 3))) is None
    assert reliability(np.ones((2, 3))) is None
    assert items(CHAPTER, [])[0].facility == 0


def test_alpha_and_its_interval_of_a_known_case() -> None:
    """Parallel items: alpha is Spearman-Brown of their correlation; the interval holds it and narrows with the class."""
    draw = np.random.default_rng(5)
    ability = draw.normal(size=(4000, 1))
    found = reliability(ability + draw.normal(size=(4000, 6)))
    assert found is not None
    assert found.alpha == pytest.approx(6 * 0.5 / (1 + 5 * 0.5), abs=0.01)
    small = reliability((ability + draw.normal(size=(4000, 6)))[:20])
    assert small is not None
    assert found.low < found.alpha < found.high
    assert small.high - small.low > 5 * (found.high - found.low)


def test_a_suspected_key_is_where_good_students_do_worse() -> None:
    table = [
        [
            CHAPTER.exercises[NAMES[0]].marks if number < 10 else 0,
            *[exercise.marks * (number >= 10) for exercise in list(CHAPTER)[1:]],
        ]
        for number in range(20)
    ]
    found = items(CHAPTER, made([result(f"{number:04}", marks) for number, marks in enumerate(table)]))
    assert found[0].suspect
    assert not found[1].suspect


HOSTILE = '<script>alert("x")</script>'


def test_the_class_report_is_one_safe_file_in_both_languages(tmp_path: Path) -> None:
    first = CHAPTER.exercises[NAMES[0]]
    one = result("0001", [0.0], name=HOSTILE, source=HOSTILE, cells={NAMES[0]: HOSTILE})
    one.verdicts[0] = Verdict(first.id, Outcome.WRONG, 0.0, first.marks, mistake=0)
    letters = next(exercise for exercise in CHAPTER if exercise.kinds == ("choice",))
    one.answers = {letters.id: {next(iter(letters.answer)): {"state": "value", "value": "a"}}}
    ClassReport(CHAPTER, made([one, result("0002", [5.0])])).write(tmp_path)
    page = (tmp_path / "class.html").read_text(encoding="utf-8")
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    for lang in ("zh", "en"):
        assert first.mistakes[0][lang].split('"')[0][:20] in page
        assert letters.title[lang] in page
    assert page.count("<svg") == 4


COPIED = """
answer_frame = spend.copy()
for place, row in enumerate(answer_frame.itertuples()):
    if row.amount * 3 - 2 > place ** 2 and place % 7 == 3:
        answer_frame.loc[row.Index, "note"] = "odd" + str(place)
total_of_all = sum(value for value in answer_frame["amount"] if value > 12.5) / 3.75
"""


def test_renaming_and_comments_hide_no_copy() -> None:
    renamed = (
        COPIED.replace("answer_frame", "x")
        .replace("total_of_all", "t")
        .replace("place", "i")
        .replace("row", "r")
        .replace("\n    if", "\n    # mine\n    if")
    )
    assert fingerprints(COPIED) == fingerprints(renamed)
    cells = {"1": {NAMES[0]: COPIED}, "2": {NAMES[0]: renamed}} | {
        str(number): {NAMES[0]: f"abc = spend.head({number})"} for number in range(3, 9)
    }
    found = pairs(CHAPTER, cells)
    assert [(pair.left, pair.right) for pair in found] == [("1", "2")]


def test_the_reference_and_what_many_wrote_are_no_copy() -> None:
    cells = {str(number): {exercise.id: exercise.body for exercise in CHAPTER} for number in range(6)}
    assert pairs(CHAPTER, cells) == []
    cells = {str(number): {NAMES[0]: COPIED} for number in range(20)}
    assert pairs(CHAPTER, cells) == []


def written(seed: int) -> str:
    """Return code such as one student writes: the same few habits as others, with other numbers."""
    draw = random.Random(seed)
    lines = [
        f"part_{place} = [value for value in spend['amount'] if value > {draw.randrange(40)} or value < {draw.randrange(40)}]"
        for place in range(4)
    ]
    return "\n".join(
        [
            *lines,
            *(f"z_{place} = sum(part_{place}) / {draw.randrange(40)}.5 + {draw.randrange(9)}" for place in range(4)),
        ]
    )


def test_the_alike_are_found_in_any_class_and_the_work_does_not_grow_with_its_square(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cells = {f"{number:04}": {NAMES[0]: written(number)} for number in range(1200)}
    group = {f"{number:04}" for number in range(100, 160)}
    cells |= {"0001": {NAMES[0]: COPIED}, "0002": {NAMES[0]: COPIED.replace("place", "i")}} | {
        student: {NAMES[0]: written(-1)} for student in group
    }
    found = pairs(CHAPTER, cells, most=3000)
    assert ("0001", "0002") in {(pair.left, pair.right) for pair in found}
    assert {(one, other) for one in group for other in group if one < other} <= {
        (pair.left, pair.right) for pair in found if pair.alike == 1
    }
    assert found == pairs(CHAPTER, dict(reversed(cells.items())), most=3000)
    monkeypatch.setattr(similarity, "MOST", 50)
    assert not any(pair.left in group and pair.alike == 1 for pair in pairs(CHAPTER, cells)), (
        "what many have says nothing"
    )


def test_code_that_is_no_python_is_compared_too() -> None:
    assert fingerprints("for x in (((" + " word" * 30)


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@x", "\tx", 'a,b\n"c"', "正常"])
def test_text_goes_through_a_spreadsheet_harmless_and_comes_back(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(to_csv(["a"], [[text]]))
    written = next(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()[1:]))[0] if "\n" not in text else text
    assert not written.startswith(("=", "+", "-", "@", "\t"))
    assert read_rows(path, ["a"])[0][1]["a"].replace("�", "\t") == text


def test_a_file_that_a_chinese_spreadsheet_saved_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("student,why\n1,写得好\n".encode("gbk"))
    assert read_rows(tmp_path / "a.csv", ["student"])[0][1]["why"] == "写得好"


def prose_chapter() -> Chapter:
    """Return a chapter with one exercise in free text."""
    first = CHAPTER.exercises[NAMES[0]]
    points = [{"zh": "客户", "en": "customer", "wordings": ["客户|customer"]}]
    exercise = type(first).model_validate(
        first.model_dump()
        | {
            "exercise": "say-it",
            "answer": {"said": {"kind": "prose", "points": points}},
            "body": 'said = "客户"',
            "title": Pair(zh="说", en="Say"),
        }
    )
    return CHAPTER.model_copy(update={"exercises": {"say-it": exercise}})


def said(student: str, text: str, doubt: tuple[Message, ...] = (), earned: float = 2.0) -> Result:
    verdict = Verdict("say-it", Outcome.WRONG, earned, 5, told=(Message("prose.person"),), doubt=doubt)
    answers = {"say-it": {"said": {"state": "value", "value": text}}}
    return Result(
        student=student,
        name="",
        chapter=CHAPTER.name,
        lang="en",
        source=student,
        status="graded",
        key=student,
        verdicts=[verdict],
        answers=answers,
        total=earned,
        marks=5,
    )


@pytest.fixture
def spoken(tmp_path: Path) -> Results:
    results = Results(tmp_path / "results")
    for one in (said("1", "=sure\r\nof it"), said("2", "not sure", (Message("prose.doubt_list"),))):
        results.write(one)
    return results


def review(folder: Path) -> list[dict[str, str]]:
    return [row for _, row in read_rows(folder / "review.csv", ["confirmed"])]


def book(folder: Path) -> dict[str, dict[str, str]]:
    lines = (folder / "gradebook.csv").read_text(encoding="utf-8-sig").splitlines()
    return {row["student"]: row for row in csv.DictReader(lines)}


def fill(folder: Path, confirmed: dict[str, str]) -> None:
    lines = review(folder)
    for line in lines:
        line["confirmed"] = confirmed.get(line["student"], line["confirmed"])
    (folder / "review.csv").write_bytes(to_csv(list(lines[0]), [list(line.values()) for line in lines]))


def test_free_text_is_provisional_until_a_person_confirms_it(tmp_path: Path, spoken: Results) -> None:
    chapter = prose_chapter()
    told = reports.write(tmp_path, chapter, spoken, "en")
    assert told[-1].params["count"] == 2
    assert [line["student"] for line in review(tmp_path)] == ["2", "1"], "what is in doubt comes first"
    assert {row["provisional"] for row in book(tmp_path).values()} == {"say-it"}
    assert "provisional" in (tmp_path / "feedback" / "1.html").read_text(encoding="utf-8")

    fill(tmp_path, {"1": "ok", "2": "4.5"})
    reports.write(tmp_path, chapter, spoken, "en")
    assert {name: (row["say-it"], row["provisional"]) for name, row in book(tmp_path).items()} == {
        "1": ("2", ""),
        "2": ("4.5", ""),
    }

    fill(tmp_path, {"2": "7"})
    told = reports.write(tmp_path, chapter, spoken, "en")
    assert [message.key for message in told] == ["review.marks", "review.waiting"]
    assert book(tmp_path)["2"]["provisional"] == "say-it"


def test_the_review_list_says_how_sure_a_suggestion_is(tmp_path: Path, spoken: Results) -> None:
    (first, second) = (said("1", "=sure\r\nof it"), said("2", "not sure", (Message("prose.doubt_list"),)))
    second.verdicts = [replace(second.verdicts[0], confidence=0.5)]
    for one in (first, second):
        spoken.write(one)
    reports.write(tmp_path, prose_chapter(), spoken, "en")
    assert {line["student"]: line["confidence"] for line in review(tmp_path)} == {"1": "1.00", "2": "0.50"}


def test_a_new_answer_waits_again_and_the_old_line_is_kept(tmp_path: Path, spoken: Results) -> None:
    chapter = prose_chapter()
    reports.write(tmp_path, chapter, spoken, "en")
    fill(tmp_path, {"1": "5"})
    spoken.write(said("1", "another answer"))
    reports.write(tmp_path, chapter, spoken, "en")
    assert book(tmp_path)["1"]["provisional"] == "say-it"
    assert [line["confirmed"] for line in review(tmp_path) if line["student"] == "1"] == ["", "5"]


def test_a_list_that_a_spreadsheet_spoilt_still_counts(tmp_path: Path) -> None:
    """Saved in GBK with semicolons, without the zeros in front of a number, without what GBK cannot hold."""
    results = Results(tmp_path / "results")
    results.write(said("0012", "good 😀, I think"))
    results.write(said("202600010001", "fine"))
    reports.write(tmp_path, prose_chapter(), results, "en")
    lines = review(tmp_path)
    assert [line["student"] for line in lines] == ["'0012", "'202600010001"]
    saved = [
        "student;exercise;title;answer;suggested;most;doubt;confirmed;why",
        '12;say-it;x;"good ??, I think";2;5;;4;好',
        "2.026E+11;say-it;x;fine;2;5;;3;",
    ]
    (tmp_path / "review.csv").write_bytes("\r\n".join(saved).encode("gbk"))
    told = reports.write(tmp_path, prose_chapter(), results, "en")
    assert {name: (row["say-it"], row["provisional"]) for name, row in book(tmp_path).items()} == {
        "0012": ("4", ""),
        "202600010001": ("2", "say-it"),
    }
    assert [(message.key, message.params.get("student")) for message in told] == [
        ("overrides.student", "2.026E+11"),
        ("review.waiting", None),
    ]
    assert [line["answer"] for line in review(tmp_path)] == ["fine", "good 😀, I think", "fine"]


def test_what_was_confirmed_stays_when_the_suggestion_changes(tmp_path: Path, spoken: Results) -> None:
    reports.write(tmp_path, prose_chapter(), spoken, "en")
    fill(tmp_path, {"1": "ok"})
    reports.write(tmp_path, prose_chapter(), spoken, "en")
    spoken.write(said("1", "=sure\r\nof it", earned=1.0))
    for _ in range(2):
        reports.write(tmp_path, prose_chapter(), spoken, "en")
        assert book(tmp_path)["1"]["say-it"] == "2"


def test_a_student_confirmed_or_marked_by_hand_waits_for_nobody(tmp_path: Path, spoken: Results) -> None:
    reports.write(tmp_path, prose_chapter(), spoken, "en")
    assert "free text waits" in (tmp_path / "class.html").read_text(encoding="utf-8")
    (tmp_path / "overrides.csv").write_text("student,exercise,marks,why\n2,say-it,5,talked it over\n", encoding="utf-8")
    told = reports.write(tmp_path, prose_chapter(), spoken, "en")
    assert "free text waits" not in (tmp_path / "class.html").read_text(encoding="utf-8")
    assert [message.params.get("count") for message in told] == [1]
    page = (tmp_path / "feedback" / "2.html").read_text(encoding="utf-8")
    assert 'class="entry correct"' in page
    assert "provisional" not in page


def test_a_manual_mark_for_nobody_is_said(tmp_path: Path, spoken: Results) -> None:
    (tmp_path / "overrides.csv").write_text(
        "student,exercise,marks,why\n3,say-it,5,\n1.0,say-it,5,\n", encoding="utf-8"
    )
    told = reports.write(tmp_path, prose_chapter(), spoken, "en")
    assert (told[0].key, told[0].params["line"]) == ("overrides.student", 2)
    assert book(tmp_path)["1"]["say-it"] == "5"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x00\x00", b"student,exercise\n", b'student,exercise,marks,why\n1,"' + b"x" * 200_000]
)
def test_lists_that_cannot_be_read_are_named_and_left_alone(tmp_path: Path, spoken: Results, content: bytes) -> None:
    for name in ("overrides.csv", "review.csv"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UsageError, match=name):
            reports.check(tmp_path, prose_chapter())
        assert (tmp_path / name).read_bytes() == content
        (tmp_path / name).unlink()


def test_two_manual_marks_for_one_answer_are_said(tmp_path: Path) -> None:
    lines = ["student,exercise,marks", "007,say-it,1", "8,say-it,2", "7,say-it,3", "8,say-it,99", "007,say-it,4.5"]
    (tmp_path / "overrides.csv").write_text("\n".join(lines), encoding="utf-8")
    found = Overrides(tmp_path, prose_chapter(), {"007", "8"})
    assert {key: override.marks for key, override in found.given.items()} == {
        ("007", "say-it"): 4.5,
        ("8", "say-it"): 2,
    }
    assert [(each.key, each.params.get("lines")) for each in found.problems] == [
        ("overrides.marks", None),
        ("overrides.twice", "2, 4, 6"),
    ]
    assert all("2, 4, 6" in found.problems[1].text(lang) and "4.5" in found.problems[1].text(lang) for lang in LANGS)


def test_those_who_handed_in_nothing_are_no_submissions(tmp_path: Path) -> None:
    absent = Result("3", "", CHAPTER.name, "en", "", "absent", key="absent", marks=CHAPTER.marks)
    ClassReport(CHAPTER, made([result("0001", [1.0]), absent])).write(tmp_path)
    assert "<b>1</b>submissions" in (tmp_path / "class.html").read_text(encoding="utf-8")


def test_marks_of_a_sentence_are_shown_and_nothing_else(tmp_path: Path) -> None:
    assert inline("**a** `b` <i>") == "<b>a</b> <code>b</code> &lt;i&gt;"


def test_sure_suggestions_can_be_accepted_at_once(tmp_path: Path, spoken: Results) -> None:
    reports.write(tmp_path, prose_chapter(), spoken, "en", accept_sure=True)
    assert {name: row["provisional"] for name, row in book(tmp_path).items()} == {"1": "", "2": "say-it"}


def test_a_manual_mark_goes_before_the_review(tmp_path: Path, spoken: Results) -> None:
    chapter = prose_chapter()
    reports.write(tmp_path, chapter, spoken, "en")
    fill(tmp_path, {"1": "1"})
    (tmp_path / "overrides.csv").write_text(
        "student,exercise,marks,why\n1,say-it,3,after an appeal\n", encoding="utf-8"
    )
    reports.write(tmp_path, chapter, spoken, "en")
    assert book(tmp_path)["1"]["say-it"] == "3"


def test_a_student_is_not_told_how_much_a_figure_of_secret_data_shows() -> None:
    kind = Figure(kind="figure", shows=("points", "bars"))
    labels = ["a title", "x", "y"]
    given = {"points": [[1.0, 2.0]], "bars": [], "labels": labels}
    expected = {"points": [[1.0, 2.0]] * 37, "bars": [[1.0, 2.0]] * 41, "labels": labels}
    told = kind.compare(given, expected).differences
    assert {number for message in told for number in ("37", "41") if number in message.text("en")} == {"37", "41"}
    shown = [message.text(lang) for message in told if discreet(message) for lang in LANGS]
    assert [text for text in shown if "37" in text or "41" in text] == []


def test_a_result_without_a_number_has_a_file_that_no_number_can_take() -> None:
    nameless = result("", [], key="0123456789abcdef").stem
    assert nameless != result("1", []).stem
    assert student_number(nameless).problem == "unusable"


def test_files_of_two_students_differ_where_a_file_system_sees_no_case(tmp_path: Path) -> None:
    students = ["AB1", "ab1", "Ab2", "3"]
    results = Results(tmp_path / "results", students)
    for student in students:
        results.write(result(student, [1.0]))
    reports.write(tmp_path, CHAPTER, Results(tmp_path / "results"), "en")
    for folder in ("results", "feedback"):
        names = {path.stem for path in (tmp_path / folder).iterdir()}
        assert len({name.casefold() for name in names}) == 4 and {"Ab2", "3"} < names
        assert all(student_number(name).problem == "unusable" for name in names - {"Ab2", "3"})
    assert stems(reversed(students)) == stems(students)


def test_sentences_of_an_earlier_version_are_shown_as_far_as_they_go(tmp_path: Path) -> None:
    known = Message("check.unattempted", {})  # today it names the answers
    inner = Message("check.answer", {"why": Message("diff.extra", {})})
    gone = Message("check.that-was-renamed", {"expected": 471147})
    late = Message("intake.late", {})
    verdict = Verdict(NAMES[0], Outcome.WRONG, 0, CHAPTER.exercises[NAMES[0]].marks, told=(known, inner, gone))
    old = replace(
        result("1", []), verdicts=[verdict], notes=[Message("intake.number-mismatch", {"student": "1"}), late]
    )
    results = Results(tmp_path / "results")
    results.write(old)
    reports.remake(tmp_path, "zh")
    page = (tmp_path / "feedback" / "1.html").read_text(encoding="utf-8")
    assert "There is no <code>…</code> yet: replace the ..." in page and "check.that-was-renamed" in page
    assert "471147" not in page
    assert "笔记本里写的学号是 1，文件名或文件夹名里却是 …" in (tmp_path / "gradebook.csv").read_text(
        encoding="utf-8-sig"
    )
    (read,) = results
    assert all(message.sayable for message in (*read.verdicts[0].told, *read.notes)) and read.notes[1] == late
    for message in (known, inner, gone):
        assert not message.sayable, "a sentence of this version must be whole"


def test_the_gradebook_says_who_was_run_without_a_box(tmp_path: Path) -> None:
    Gradebook(CHAPTER, made([result("1", [], box="none"), result("2", [], box="Landlock 7")]), "en").write(tmp_path)
    lines = (tmp_path / "gradebook.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line[0] for line in lines if "--box none" in line] == ["1"]


def test_blank_lines_of_a_spreadsheet_are_no_lines(tmp_path: Path) -> None:
    (tmp_path / "overrides.csv").write_text("student,exercise,marks,why\n,,,\n1,abc-rule,2,\n , ,,\n", encoding="utf-8")
    found = Overrides(tmp_path, CHAPTER, {"1"})
    assert (found.problems, list(found.given)) == ([], [("1", "abc-rule")])
