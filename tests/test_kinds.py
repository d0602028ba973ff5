"""Answer kinds: what is right, wrong, malformed, and what partial credit cannot be won by guessing."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter

from crm_exercises.core import answers, scalars
from crm_exercises.core.chapter import AnyKind
from crm_exercises.core.errors import MalformedError


def kind(**spec: Any) -> Any:
    return TypeAdapter(AnyKind).validate_python(spec)


def credit(spec: dict[str, Any], given: Any, expected: Any) -> float:
    made = kind(**spec)
    return made.compare(made.canonical(given), made.canonical(expected)).credit


def keys(spec: dict[str, Any], given: Any, expected: Any) -> list[str]:
    made = kind(**spec)
    return [message.key for message in made.compare(made.canonical(given), made.canonical(expected)).differences]


NUMBER: dict[str, Any] = {"kind": "number"}
TABLE: dict[str, Any] = {"kind": "table", "key": "customer_id"}


@pytest.mark.parametrize("value", [3, 3.0, np.int64(3), np.float32(3), pd.Series([3]), np.array([[3]])])
def test_a_number_is_the_same_in_every_type(value: Any) -> None:
    assert credit(NUMBER, value, 3) == 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "3", [1, 2], 10**400])
def test_what_is_no_number_is_malformed(value: Any) -> None:
    with pytest.raises(MalformedError):
        kind(**NUMBER).canonical(value)


def test_a_number_in_quotation_marks_is_told_to_be_text() -> None:
    with pytest.raises(MalformedError) as caught:
        kind(**NUMBER).canonical("0.5")
    assert caught.value.key == "malformed.number_text" and caught.value.params == {"given": "0.5"}


@pytest.mark.parametrize("value", [pd.Series([True, False]), pd.DataFrame({"a": [1, 2]}), np.array([1, 2]), [1, 2]])
def test_many_values_for_a_number_are_told_to_be_many(value: Any) -> None:
    with pytest.raises(MalformedError) as caught:
        kind(**NUMBER).canonical(value)
    assert caught.value.key == "malformed.number_many" and caught.value.params == {"type": type(value).__name__}


def test_a_number_is_told_to_be_too_large_or_too_small_not_what_it_should_be() -> None:
    assert keys(NUMBER, 6, 3) == ["diff.number_high"]
    assert keys(NUMBER, 1, 3) == ["diff.number_low"]
    assert keys(NUMBER, 25, 0.25) == ["diff.number_high", "diff.percent"]
    assert keys(NUMBER, 33.3, 1 / 3) == ["diff.number_high", "diff.percent"]
    assert keys(NUMBER, 0.25, 25) == ["diff.number_low", "diff.fraction"]
    assert keys(NUMBER, -3, 3) == ["diff.number", "diff.sign"]
    assert keys(NUMBER, 300, 3) == ["diff.number_high"]
    assert keys(NUMBER, -136.732, -1.36732) == ["diff.number_high", "diff.percent"]
    assert keys(NUMBER, -136.5, -1.36732) == ["diff.number_high"]
    assert credit({"kind": "number", "atol": 0.5}, 3.4, 3) == 1


def told(spec: dict[str, Any], given: Any, expected: Any) -> dict[str, Any]:
    made = kind(**spec)
    return made.compare(made.canonical(given), made.canonical(expected)).differences[0].params


def test_a_rounded_value_is_told_so_and_differs_from_the_expected_one_to_the_eye() -> None:
    assert keys(NUMBER, 2018.0, 2017.99545) == ["diff.rounded"]
    assert keys(NUMBER, 0.52, 0.49) == ["diff.number_high"]
    assert told(NUMBER, 1.0017, 1.0001)["ratio"] == "1.0016"
    mapping = {"kind": "mapping", "of": "number"}
    assert keys(mapping, {"A": 2018.0}, {"A": 2017.99545}) == ["diff.entry", "diff.rounded"]
    assert told(mapping, {"A": 2018.0}, {"A": 2017.99545}) == {"key": "A", "given": "2,018", "expected": "2,017.99545"}
    assert keys(mapping, {"A": 120}, {"A": 119}) == ["diff.entry"]


def test_an_example_is_named_as_it_is_written_so_that_it_can_be_looked_up() -> None:
    right = pd.DataFrame({"customer_id": ["C01", "C02"], "amount": [1.0, 2.0]})
    assert told(TABLE, right.assign(amount=[1.0, 3.0]), right)["key"] == "customer_id C02"
    assert told(TABLE, right.head(1), right)["example"] == "customer_id C02"
    assert told(TABLE, pd.concat([right, right]), right)["key"] == "customer_id C01"
    assert told(TABLE | {"ordered": True}, right.iloc[::-1], right)["key"] == "customer_id C02"
    assert told({"kind": "list", "ordered": False}, ["C01"], ["C01", "C02"])["example"] == "C02"


def frame(rows: int) -> pd.DataFrame:
    letters = random.Random(1).choices("ABCDE", k=rows)
    return pd.DataFrame(
        {"customer_id": [f"{n:05}" for n in range(rows)], "amount": np.arange(rows) * 1.5, "group": letters}
    )


def test_rows_may_stand_in_any_order_and_the_key_may_be_the_index() -> None:
    right = frame(300)
    assert credit(TABLE, right.sample(frac=1, random_state=1), right) == 1
    assert credit(TABLE, right.set_index("customer_id"), right) == 1
    assert (
        credit(TABLE, right.set_index("customer_id")["group"], right.set_index("customer_id")["group"].rename("other"))
        == 1
    )
    ordered = TABLE | {"ordered": True}
    assert credit(ordered, right, right) == 1
    assert keys(ordered, right.iloc[::-1], right) == ["diff.order"]


def test_one_wrong_value_at_row_ten_thousand_is_wrong_and_named() -> None:
    right, wrong = frame(10_001), frame(10_001)
    wrong.loc[10_000, "amount"] += 1
    made = kind(**TABLE)
    compared = made.compare(made.canonical(wrong), made.canonical(right))
    assert compared.credit == 0.75
    assert compared.differences[0].params["key"] == "customer_id 10000"
    assert compared.differences[0].params["column"] == "amount"


def test_missing_extra_and_double_rows_are_told() -> None:
    right = frame(100)
    assert keys(TABLE, right.head(90), right) == ["diff.missing"]
    assert keys(TABLE, frame(110), right) == ["diff.extra"]
    assert keys(TABLE, pd.concat([right, right.tail(1)]), right) == ["diff.twice"]
    assert keys(TABLE, right.drop(columns="group"), right) == ["diff.columns"]
    assert credit(TABLE, right.drop(columns="group"), right) == 0.5


def test_what_is_empty_is_shown_and_what_is_wrong_is_counted() -> None:
    right = pd.DataFrame({"customer_id": ["C00001", "C00002"], "amount": [1.5, None]})
    assert keys(TABLE, right.assign(amount=[2.5, ""]), right) == ["diff.cell", "diff.wrong_count"]
    shown = told(TABLE, right.assign(amount=[1.5, ""]), right)
    assert (shown["given"], shown["expected"]) == ('""', "NaN")


def test_only_the_named_columns_are_compared() -> None:
    right = frame(50)
    assert credit(TABLE | {"columns": ["group"]}, right.assign(amount=0), right) == 1


def test_a_wrong_key_is_told_once() -> None:
    right = frame(3)
    assert keys(TABLE, right.assign(customer_id=["x", "y", "z"]), right) == ["diff.keys"]
    assert keys(TABLE, right.iloc[:2], right) == ["diff.missing"]
    years = pd.DataFrame({"customer_id": [2014, 2015], "amount": [1.5, 2.5]})
    assert keys(TABLE, years.astype({"customer_id": str}), years) == ["diff.key_type"]
    assert keys(TABLE, years, years.astype({"customer_id": str})) == ["diff.key_type"]
    assert keys(TABLE, right.assign(group=[1, *right["group"][1:]]), right) == ["diff.cell", "diff.as_text"]


def test_a_guess_earns_nothing_in_a_table() -> None:
    right = frame(1000)
    shuffled = right.assign(**{name: random.Random(2).sample(list(right[name]), 1000) for name in ("amount", "group")})
    constant = right.assign(amount=right["amount"].iloc[0], group="A")
    assert credit(TABLE, shuffled, right) == credit(TABLE, constant, right) == 0


@pytest.mark.parametrize(
    "value", [3, "text", [1, 2], {"a": 1}, pd.DataFrame({"other": [1]}), pd.DataFrame([[1, 2]], columns=["a", "a"])]
)
def test_what_is_no_table_is_malformed(value: Any) -> None:
    with pytest.raises(MalformedError):
        kind(**TABLE).canonical(value)


def test_dates_missing_values_and_categories_have_one_form() -> None:
    value = pd.DataFrame({
        "customer_id": ["a", "b"],
        "day": pd.to_datetime(["1997-01-01", None]),
        "gap": pd.to_timedelta([1, 2], unit="D"),
        "group": pd.Categorical(["x", None]),
        "count": pd.array([1, None], dtype="Int64"),
    })  # fmt: skip
    columns = kind(**TABLE).canonical(value)["columns"]
    assert columns == {"day": ["1997-01-01", None], "gap": [1.0, 2.0], "group": ["x", None], "count": [1, None]}
    assert credit({"kind": "list"}, [dt.date(2026, 1, 2)], ["2026-01-02"]) == 1


def test_a_list_is_compared_in_order_unless_it_has_none() -> None:
    ordered = {"kind": "list", "of": "number"}
    assert credit(ordered, [1, 2, 3, 4], [1, 2, 3, 4]) == 1
    assert keys(ordered, [1, 2, 4, 3], [1, 2, 3, 4]) == ["diff.place"]
    assert keys(ordered, [1, 2, 3], [1, 2, 3, 4]) == ["diff.length"]
    bag = {"kind": "list", "ordered": False}
    assert credit(bag, {"b", "A "}, ["a", "b"]) == 1
    assert keys(bag, ["a", "c"], ["a", "b"]) == ["diff.missing", "diff.extra"]
    with pytest.raises(MalformedError):
        kind(**ordered).canonical("1, 2, 3")
    with pytest.raises(MalformedError) as caught:
        kind(**ordered).canonical(pd.DataFrame({"number": [1, 2, 3]}))
    assert caught.value.key == "malformed.list_table"


def test_a_mapping_may_be_a_dict_or_a_series() -> None:
    spec = {"kind": "mapping", "of": "number"}
    assert credit(spec, pd.Series({"A": 1.0, "B": 2.0}), {"A": 1, "B": 2}) == 1
    assert keys(spec, {"A": 1, "B": 3}, {"A": 1, "B": 2}) == ["diff.entry"]
    assert keys(spec, {"A": 1}, {"A": 1, "B": 2}) == ["diff.missing"]
    with pytest.raises(MalformedError):
        kind(**spec).canonical({"A": "one"})


def test_whole_keys_of_a_mapping_are_the_same_as_int_and_as_float() -> None:
    spec = {"kind": "mapping", "of": "number"}
    assert credit(spec, pd.Series({4: 1, 4.5: 2, 5: 3}), {4: 1, 4.5: 2, 5: 3}) == 1
    assert keys(spec, pd.Series({4.5: 1}), {4: 1}) == ["diff.missing", "diff.extra"]


def test_a_mapping_says_what_belongs_to_the_value_that_was_due() -> None:
    spec = {"kind": "mapping", "why": {"1": {"zh": "一", "en": "one"}}}
    assert keys(spec, {"A": "2", "B": "1"}, {"A": "1", "B": "2"}) == [
        "diff.entry",
        "diff.entry_why",
        "diff.wrong_count",
    ]
    assert keys(spec, {"A": "1", "B": "3"}, {"A": "1", "B": "2"}) == ["diff.entry"]
    assert kind(**spec).public().why == {}


def test_ticking_everything_is_told_where_no_option_has_a_reason() -> None:
    bare = {letter: {"zh": letter, "en": letter} for letter in "abc"}
    assert keys({"kind": "choices", "options": bare}, ["a", "b", "c"], ["a"]) == ["diff.overticked"]


OPTIONS = {letter: {"zh": letter, "en": letter, "why": {"zh": "因", "en": "because"}} for letter in "abcde"}


def test_without_partial_credit_only_the_whole_counts() -> None:
    made = kind(kind="mapping", of="number", partial=False)
    assert made.marked({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 2, "c": 4}).credit == 0
    assert made.marked({"a": 1}, {"a": 1}).credit == 1


def test_where_students_share_rows_only_a_whole_column_of_a_table_earns_a_part() -> None:
    spec = {**TABLE, "parts": "columns"}
    right = pd.DataFrame({"customer_id": [1, 2, 3, 4], "serve": [5, 6, 7, 8], "profit": [1, 2, 3, 4]})
    assert credit(spec, right, right) == 1
    assert credit(spec, right.assign(profit=[-1, -2, -3, -4]), right) == 0.5
    assert credit(spec, right.drop(columns="profit"), right) == 0.5
    assert credit(spec, right.assign(serve=[5, 6, 7, 9], profit=[1, 2, 3, 9]), right) == 0
    assert credit(spec, right.head(3), right) == 0
    assert credit(TABLE, right.head(3), right) == 0.5


def test_ticking_everything_earns_nothing() -> None:
    spec = {"kind": "choices", "options": OPTIONS}
    assert credit(spec, "abcde", ["a", "c"]) == 0
    assert credit(spec, ["a", "c"], ["a", "c"]) == 1
    assert credit(spec, "a", ["a", "c"]) == 0.5
    assert credit(spec, ["a", "c", "d"], ["a", "c"]) == pytest.approx(2 / 3, abs=1e-4)


def test_a_choice_says_why_and_its_public_form_does_not() -> None:
    made = kind(kind="choice", options=OPTIONS)
    assert [message.key for message in made.compare("b", "a").differences] == ["diff.why"]
    assert made.canonical(" Ａ") == "a"
    assert made.public().compare("b", "a").differences == ()
    with pytest.raises(MalformedError):
        made.canonical("z")


def axes() -> Any:
    import matplotlib.pyplot as plt

    _, made = plt.subplots()
    made.set(title="t", xlabel="x", ylabel="y")
    return made


def test_a_figure_is_compared_by_what_it_shows() -> None:
    right, same, other, bare = (axes() for _ in range(4))
    for made, heights in ((right, [1, 2, 3]), (same, [1, 2, 3]), (other, [1, 2, 4]), (bare, [1, 2, 3])):
        made.bar(["A", "B", "C"], heights)
        made.axhline(2)
        made.plot([0, 1, 2], heights)
    bare.set(title="", xlabel="")
    spec = {"kind": "figure", "shows": ["bars", "lines"]}
    assert credit(spec, same, right) == 1
    first = "diff.figure_first"
    assert keys(spec, other, right) == ["diff.figure_bars_values", first, "diff.figure_lines_values", first]
    made = kind(**spec)
    said = made.compare(made.canonical(other), made.canonical(right)).differences
    assert said[1].params == said[3].params == {"given": "(2, 4)", "expected": "(2, 3)"}
    other.bar(["D"], [1])
    other.plot([0, 1], [1, 1])
    assert keys(spec, other, right) == ["diff.figure_bars", "diff.figure_lines"]
    assert keys(spec, bare, right) == ["diff.figure_labels"]
    assert keys({"kind": "figure", "shows": ["points"]}, right, _scattered()) == ["diff.figure_no_points"]


def test_points_may_be_drawn_as_a_line_without_a_line() -> None:
    right, dots, line = _scattered(), axes(), axes()
    dots.plot([2, 1], [4, 3], "o")
    line.plot([1, 2], [3, 4], marker="o")
    spec = {"kind": "figure", "shows": ["points"]}
    assert credit(spec, dots, right) == 1
    assert keys(spec, line, right) == ["diff.figure_no_points"]


def test_a_year_on_an_axis_is_said_without_thousands_and_an_amount_with_them() -> None:
    right, wrong = axes(), axes()
    right.plot([2014, 2015], [12_345, 12_400])
    wrong.plot([2014, 2015], [12_345, 12_500.5])
    made = kind(kind="figure", shows=["lines"])
    said = made.compare(made.canonical(wrong), made.canonical(right)).differences[1].params
    assert said == {"given": "(2015, 12,500.5)", "expected": "(2015, 12,400)"}


def _scattered() -> Any:
    made = axes()
    made.scatter([1, 2], [3, 4])
    return made


def test_a_heat_map_is_compared_cell_by_cell() -> None:
    right, drawn, wrong = (axes() for _ in range(3))
    right.imshow([[1, 2], [3, 4]])
    drawn.pcolormesh([[1, 2], [3, 4]])
    wrong.imshow([[1, 2], [3, 5]])
    spec = {"kind": "figure", "shows": ["image"]}
    assert credit(spec, drawn, right) == 1
    assert credit(spec, wrong, right) == 0


def test_numbers_of_a_figure_lie_as_deep_as_a_figure_has_them() -> None:
    made = kind(kind="figure", shows=["bars", "lines"])
    labels = ["a", "b", "c"]
    nested: Any = [1, 2]
    for _ in range(50):
        nested = [nested, nested]  # said in full it would be longer than any disk
    assert made.canonical({"bars": [[1, 2]], "lines": [], "labels": labels})["bars"] == [[1, 2]]
    for bars in (nested, [nested], [[nested]], [1, 2], [[1, [2]]], 1, None):
        with pytest.raises(MalformedError):
            made.canonical(
                {"bars": [], "lines": bars, "labels": labels}
                if bars is nested
                else {"bars": bars, "lines": [], "labels": labels}
            )
    many = kind(kind="figure", shows=["image"])
    rows = [many.canonical({"image": [[*range(99), last]], "labels": labels}) for last in (1, 2)]
    assert many.compare(*rows).differences[-1].params["given"] == "(0, 1, 2, 3, 4, 5, …)"


@pytest.mark.parametrize(
    "spec",
    [NUMBER, TABLE, {"kind": "list"}, {"kind": "mapping"}, {"kind": "text"}, {"kind": "figure", "shows": ["bars"]}],
)
def test_hostile_values_never_raise(spec: dict[str, Any]) -> None:
    class Hostile:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

        def __str__(self) -> str:
            raise RuntimeError

    record = answers._record(kind(**spec), Hostile())
    assert record["state"] == "malformed"


def test_canonical_json_is_its_own_canonical_form() -> None:
    made = kind(**TABLE)
    once = made.canonical(frame(20))
    assert made.canonical(once) == once


def test_what_a_stranger_writes_at_length_is_not_kept_in_memory() -> None:
    before = scalars._short_tidy.cache_info().currsize
    long = [f"\ufdfa{'客' * 3000}{place}" for place in range(20)]
    assert {scalars.tidy(text) for text in long} == {f"صلى الله عليه وسلم{'客' * 3000}{place}" for place in range(20)}
    assert scalars._short_tidy.cache_info().currsize == before
