"""Moodle XML: choices with feedback for each option, matching, short answers, essays with the key points for the marker.

Steps to put in order are written as matching (each step with its place), which every version of Moodle has.
"""

from __future__ import annotations

import html
from xml.etree import ElementTree as ET

from ..bank import Item

FRACTIONS = {1: "100", 2: "50", 3: "33.33333", 4: "25", 5: "20", 6: "16.66667"}
"""The fractions that Moodle accepts for one of so many right (or, negative, wrong) options."""


def write(items: list[Item], lang: str) -> bytes:
    """Return a question bank file; questions stand in one category for each chapter."""
    quiz = ET.Element("quiz")
    category = None
    for item in sorted(items, key=lambda item: item.chapter):
        if item.chapter != category:
            category = item.chapter
            holder = ET.SubElement(ET.SubElement(quiz, "question", type="category"), "category")
            ET.SubElement(holder, "text").text = f"$course$/top/CRM/{category:02}"
        quiz.append(question(item))
    ET.indent(quiz)
    return ET.tostring(quiz, encoding="utf-8", xml_declaration=True) + b"\n"


def question(item: Item) -> ET.Element:
    """Return one question as its XML element."""
    types = {
        "choice": "multichoice",
        "choices": "multichoice",
        "matching": "matching",
        "ordering": "matching",
        "fill": "shortanswer",
        "prose": "essay",
    }
    element = ET.Element("question", type=types[item.kind])
    _text(ET.SubElement(element, "name"), item.title)
    _html(ET.SubElement(element, "questiontext"), item.stem)
    _html(ET.SubElement(element, "generalfeedback"), item.general)
    ET.SubElement(element, "defaultgrade").text = str(item.marks)
    ET.SubElement(element, "penalty").text = "0.3333333"
    ET.SubElement(element, "hidden").text = "0"
    ET.SubElement(element, "idnumber").text = item.id
    {
        "choice": _choices,
        "choices": _choices,
        "matching": _matching,
        "ordering": _ordering,
        "fill": _fill,
        "prose": _essay,
    }[item.kind](element, item)
    tags = ET.SubElement(element, "tags")
    for tag in (item.topic, item.topic_title, f"difficulty {item.difficulty}"):
        _text(ET.SubElement(tags, "tag"), tag)
    return element


def _choices(element: ET.Element, item: Item) -> None:
    ET.SubElement(element, "single").text = "true" if item.kind == "choice" else "false"
    ET.SubElement(element, "shuffleanswers").text = "true"
    ET.SubElement(element, "answernumbering").text = "ABCD"
    right = item.letters
    wrong = len(item.options) - len(right)
    for letter, text in item.options.items():
        if letter in right:
            fraction = FRACTIONS[len(right)]
        else:
            fraction = "0" if item.kind == "choice" or not wrong else f"-{FRACTIONS[wrong]}"
        answer = ET.SubElement(element, "answer", fraction=fraction, format="html")
        ET.SubElement(answer, "text").text = _paragraphs(text)
        _html(ET.SubElement(answer, "feedback"), item.why.get(letter, ""))


def _matching(element: ET.Element, item: Item) -> None:
    ET.SubElement(element, "shuffleanswers").text = "true"
    for key, text in item.parts.items():
        _pair(element, text, item.options[item.right[key]])
    for letter, text in item.options.items():
        if letter not in item.right.values():
            _pair(element, "", text)


def _ordering(element: ET.Element, item: Item) -> None:
    ET.SubElement(element, "shuffleanswers").text = "true"
    for letter, text in item.parts.items():
        _pair(element, text, str(item.right.index(letter) + 1))


def _pair(element: ET.Element, text: str, answer: str) -> None:
    pair = ET.SubElement(element, "subquestion", format="html")
    ET.SubElement(pair, "text").text = _paragraphs(text) if text else ""
    _text(ET.SubElement(pair, "answer"), answer)


def _fill(element: ET.Element, item: Item) -> None:
    ET.SubElement(element, "usecase").text = "0"
    for word in dict.fromkeys((str(item.right), *item.accept)):
        answer = ET.SubElement(element, "answer", fraction="100", format="plain_text")
        ET.SubElement(answer, "text").text = word
        _html(ET.SubElement(answer, "feedback"), "")


def _essay(element: ET.Element, item: Item) -> None:
    ET.SubElement(element, "responseformat").text = "plain"
    ET.SubElement(element, "responserequired").text = "1"
    ET.SubElement(element, "responsefieldlines").text = "10"
    ET.SubElement(element, "attachments").text = "0"
    _html(ET.SubElement(element, "graderinfo"), f"{item.note}\n\n{item.right}")
    _html(ET.SubElement(element, "responsetemplate"), "")


def _text(element: ET.Element, text: str) -> None:
    ET.SubElement(element, "text").text = text


def _html(element: ET.Element, text: str) -> None:
    element.set("format", "html")
    ET.SubElement(element, "text").text = _paragraphs(text) if text else ""


def _paragraphs(text: str) -> str:
    """Return plain text as HTML: a paragraph for each block, a break for each line."""
    blocks = [html.escape(block.strip(), quote=False) for block in text.split("\n\n") if block.strip()]
    return "".join(f"<p>{block.replace(chr(10), '<br>')}</p>" for block in blocks)
