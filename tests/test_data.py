"""The data sets: published facts, each student's own draw, and what a person reads when something is wrong."""

import io
import json
import shutil
import sys
import tarfile
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm_exercises import data
from crm_exercises.core.errors import DataError

CALIBRATION_END = "1997-09-30"

GOLDEN = {
    ("transactions", "2024001"): "7fd1ccee5aa54e09ae6ddcbcc497ccdddb719d5b6369bbaa7b634bb28cd4c012",
    ("transactions", "2024002"): "2c882f191b37860f82b5e324fa9c4a80a61ed65a0588c84a5cfd00ec4dcec54d",
    ("german_credit", "2024001"): "5a3aba2c64de7562f39686f8583322fdc91ce6062a8a9910b1dd514e4e7f9e36",
    ("german_credit", "2024002"): "af87e58ae8f01bc3c0b91cd9c0ceec10d3171104149ea8f44faeef3ccbc597fa",
    ("superstore", "2024001"): "e401b98c079a841f0b3634095a36ac0d20ffa4a6cf78cde1c8feb43cedc1a3a8",
    ("superstore", "2024002"): "86ff779e9f832a97b467f2b4c171da12e69d55cff22aa6a0b131b55515c9a60d",
}


def as_csv(table: pd.DataFrame) -> bytes:
    """Canonical bytes of a table: what two machines must agree on."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def package(folder: Path, units: dict[str, list[str]], draw: int = 3) -> Path:
    """Write a small package with one table for each entry, all with the unit ``customer_id``."""
    resources = []
    for name, ids in units.items():
        lines = ["customer_id,value", *(f"{unit},{number}.5" for number, unit in enumerate(ids))]
        content = ("\n".join(lines) + "\n").encode()
        (folder / f"{name}.csv").write_bytes(content)
        fields = [{"name": "customer_id", "type": "string"}, {"name": "value", "type": "number"}]
        crm = {"unit": "customer_id", "draw": draw, "published": {}}
        digest = f"sha256:{sha256(content).hexdigest()}"
        resources.append(
            {"name": name, "path": f"{name}.csv", "schema": {"fields": fields}, "hash": digest, "crm": crm}
        )
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    return folder


@pytest.fixture
def derive(datasets):
    return datasets("derive")


@pytest.mark.parametrize("name", [name for name in data.names() if "generator" in data.card(name)["crm"]])
def test_a_generator_yields_the_file_to_the_byte_each_time(datasets, derive, name):
    card = data.card(name)
    generator = datasets(card["crm"]["generator"]["module"])
    for _ in range(2):
        assert derive.as_csv(card, generator.rows(name)) == (data.DATASETS / card["path"]).read_bytes()


# Published facts


def test_cdnow_sample():
    sample = data.load("transactions")
    assert list(sample.columns) == ["customer_id", "date", "cds", "amount"]
    assert [str(kind) for kind in sample.dtypes] == ["str", "datetime64[us]", "int64", "float64"]
    assert (len(sample), sample["customer_id"].nunique()) == (6919, 2357)
    assert sample["customer_id"].str.fullmatch("[0-9]{5}").all()
    assert (sample["date"].min(), sample["date"].max()) == (pd.Timestamp("1997-01-01"), pd.Timestamp("1998-06-30"))
    assert sample.index.equals(pd.RangeIndex(6919))


def test_cdnow_master():
    master = data.pool("transactions")
    assert (len(master), master["customer_id"].nunique()) == (69659, 23570)
    assert master.drop(columns="sample").duplicated().sum() == 255
    assert (master["amount"] == 0).sum() == 80
    first = master.groupby("customer_id")["date"].min()
    assert first.between("1997-01-01", "1997-03-25").all()


def test_cdnow_repeat_purchases_of_the_calibration_period():
    """The paper's 2,457 are days with a purchase after the first day; counting rows gives 2,603."""
    sample = data.load("transactions")
    calibration = sample[sample["date"] <= CALIBRATION_END]
    assert calibration["customer_id"].nunique() == 2357
    assert len(calibration) - 2357 == 2603
    days = calibration.drop_duplicates(["customer_id", "date"])
    repeats = days.groupby("customer_id").size() - 1
    assert (repeats.sum(), (repeats > 0).sum(), (repeats == 0).sum()) == (2457, 946, 1411)


def test_german_credit():
    credit = data.load("german_credit")
    assert credit.drop(columns="applicant_id").shape == (1000, 21)
    assert (credit["credit_risk"] == 1).sum() == 700
    assert credit["applicant_id"].is_unique
    assert credit["checking_account"].value_counts().to_dict() == {"A14": 394, "A11": 274, "A12": 269, "A13": 63}
    assert credit["personal_status"].value_counts().to_dict() == {"A93": 548, "A92": 310, "A94": 92, "A91": 50}


@pytest.mark.parametrize(
    ("column", "published"),
    [("checking_account", 0.6660115034), ("credit_history", 0.2932335), ("savings", 0.1960096), ("purpose", 0.1691951)],
)
def test_german_credit_information_values(column, published):
    """A scrambled column would not give the published information values."""
    credit = data.load("german_credit")
    good, bad = (credit.loc[credit["credit_risk"] == code, column].value_counts(normalize=True) for code in (1, 2))

    assert ((good - bad) * np.log(good / bad)).sum() == pytest.approx(published, abs=5e-8)


def test_superstore():
    store = data.load("superstore")
    assert store.shape == (9994, 21)
    assert (store["order_id"].nunique(), store["customer_id"].nunique(), store["product_id"].nunique()) == (
        5009,
        793,
        1862,
    )
    assert store["sales"].sum() == pytest.approx(2_297_200.86, abs=0.005)
    assert store["profit"].sum() == pytest.approx(286_397.02, abs=0.005)
    assert (store["region"].nunique(), store["sub_category"].nunique()) == (4, 17)
    assert (store["ship_date"] >= store["order_date"]).all()


@pytest.mark.parametrize("student", [f"2024{number:03}" for number in range(1, 21)])
def test_every_draw_of_superstore_sells_every_sub_category_in_every_region_and_each_every_year(student):
    store = data.load("superstore", student)
    assert store.groupby(["region", "sub_category"]).ngroups == 4 * 17
    assert store.groupby([store["order_date"].dt.year, "sub_category"]).ngroups == 4 * 17


# A student's draw


@pytest.mark.parametrize(("name", "student"), GOLDEN)
def test_draw_is_the_same_everywhere(name, student):
    assert sha256(as_csv(data.load(name, student))).hexdigest() == GOLDEN[name, student]


DRAWN = [name for name in data.names() if "draw" in data.card(name)["crm"]]
"""The sets of which each student has a part; the others are the same for all."""


@pytest.mark.parametrize("name", DRAWN)
def test_draw_has_the_size_of_the_card_and_the_rows_of_the_pool(name):
    crm = data.card(name)["crm"]
    pool, drawn = data.pool(name), data.load(name, "7")
    assert drawn[crm["unit"]].nunique() == crm["draw"]
    whole = pool[pool[crm["unit"]].isin(drawn[crm["unit"]])][drawn.columns]
    pd.testing.assert_frame_equal(drawn, whole.reset_index(drop=True))


@pytest.mark.parametrize("name", DRAWN)
def test_two_students_differ(name):
    unit = data.card(name)["crm"]["unit"]
    assert set(data.load(name, "1")[unit]) != set(data.load(name, "2")[unit])


@pytest.mark.parametrize("published", ["0", 0, "", None, " 0 ", "０"])
def test_spellings_of_the_published_set(published):
    assert data.load("german_credit", published).equals(data.load("german_credit"))


@pytest.mark.parametrize("spelling", [2024001, " 2024001\n", "２０２４００１"])
def test_spellings_of_a_student_number(spelling):
    assert data.load("german_credit", spelling).equals(data.load("german_credit", "2024001"))


def test_leading_zeros_count():
    assert not data.load("german_credit", "007").equals(data.load("german_credit", "7"))


def test_tables_with_the_same_units_are_drawn_alike(tmp_path, monkeypatch):
    ids = [f"{number:03}" for number in range(40)]
    some = ids[::-2]
    monkeypatch.setattr(data, "DATASETS", package(tmp_path, {"one": ids, "two": ids[::-1] * 2, "fewer": some}, draw=15))
    for student in ("1", "2", "20240017"):
        one, two, fewer = (set(data.load(name, student)["customer_id"]) for name in ("one", "two", "fewer"))
        assert one == two
        assert one & set(some) <= fewer


def test_a_copy_is_isolated():
    for student in ("0", "1"):
        mine = data.load("german_credit", student)
        mine.loc[:, "amount"] = 0
        del mine["age"]
        assert data.load("german_credit", student)["amount"].min() > 0
    pool = data.pool("german_credit")
    pool.loc[:, "amount"] = 0
    data.card("german_credit")["crm"]["draw"] = 1
    assert data.pool("german_credit")["amount"].min() > 0
    assert data.card("german_credit")["crm"]["draw"] == 800


# Exactness


def test_the_file_comes_back_byte_by_byte():
    """Reading and writing loses nothing: identifiers keep their zeros, amounts their cents."""
    table = data.pool("transactions")
    table["amount"] = table["amount"].map("{:.2f}".format)
    table["sample"] = table["sample"].map({True: "true", False: "false"})
    assert as_csv(table) == (data.DATASETS / data.card("transactions")["path"]).read_bytes()


@pytest.mark.parametrize("name", data.names())
def test_canonical_csv_round_trips(name):
    drawn = data.load(name, "2024001")
    times = drawn.select_dtypes("datetime").columns
    again = pd.read_csv(io.BytesIO(as_csv(drawn)), dtype=drawn.dtypes.drop(times).to_dict())
    for column in times:
        again[column] = pd.to_datetime(again[column]).astype(drawn[column].dtype)
    pd.testing.assert_frame_equal(again, drawn, check_exact=True)


# Cards


@pytest.mark.parametrize("name", data.names())
def test_card_says_what_is_in_the_file(name):
    card, pool = data.card(name), data.pool(name)
    assert card["rows"] == len(pool)
    assert card["bytes"] == (data.DATASETS / card["path"]).stat().st_size
    for field in card["schema"]["fields"]:
        column = pool[field["name"]]
        for word in ("title", "title_zh", "description", "description_zh"):
            assert field[word]
        limits = field["constraints"]
        assert column.notna().all() or not limits.get("required")
        column = column.dropna()
        if "pattern" in limits:
            assert column.str.fullmatch(limits["pattern"]).all()
        if "minimum" in limits:
            assert (column >= limits["minimum"]).all()
        if "maximum" in limits:
            assert (column <= limits["maximum"]).all()
        for lang in ("zh", "en"):
            labels = data.codes(name, field["name"], lang)
            assert not labels or column.isin(list(labels)).all()
    for lang in ("zh", "en"):
        assert data.columns(name, lang)["column"].tolist() == data.load(name).columns.tolist()


def test_readable_cards_are_fresh(derive):
    package = json.loads((data.DATASETS / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        assert (data.DATASETS / resource["name"] / "README.md").read_bytes() == derive.readme(resource)


def test_derivation_from_a_carrier(derive, tmp_path):
    master = "header\n 00001 19970101  1   11.77\n 00002 19970112  5   77.00\n 00002 19970112  1   12.00\n"
    sample = " 00002 0001 19970112  5   77.00\n 00002 0001 19970112  1   12.00\n"
    carrier = {"package": "some-carrier", "version": "1.0", "files": ["a/master.txt", "a/sample.txt"]}
    (tmp_path / "a").mkdir()
    for name, text in zip(carrier["files"], (master, sample), strict=True):
        (tmp_path / name).write_text(text)
    assert derive.transactions(*derive.carried(carrier, tmp_path)) == [
        ["00001", "1997-01-01", "1", "11.77", "false"],
        ["00002", "1997-01-12", "5", "77.00", "true"],
        ["00002", "1997-01-12", "1", "12.00", "true"],
    ]
    with pytest.raises(SystemExit, match="not the master log's rows"):
        derive.transactions(master, sample.replace("77.00", "77.01"))
    with pytest.raises(SystemExit, match="neither"):
        derive.carried({**carrier, "files": ["b.txt"]}, tmp_path)


def test_derivation_from_a_package_of_npm(derive, tmp_path):
    carrier = {"registry": "npm", "package": "some-carrier", "version": "1.0", "files": ["package/some.csv"]}
    content = 'Order ID,Postal Code,Product Name\nCA-1,1040,"Pen,\u00a0blue\u00a0"\n'.encode()
    with tarfile.open(tmp_path / "some-carrier-1.0.tgz", "w:gz") as package:
        member = tarfile.TarInfo("package/some.csv")
        member.size = len(content)
        package.addfile(member, io.BytesIO(content))
    for given in (tmp_path, tmp_path / "some-carrier-1.0.tgz"):
        assert derive.superstore(*derive.carried(carrier, given)) == [["CA-1", "01040", "Pen, blue"]]


# What goes wrong


def test_an_unknown_name_is_said_in_both_languages():
    with pytest.raises(DataError) as caught:
        data.load("transaction")
    assert caught.value.key == "data.unknown"
    known = ", ".join(data.names())
    assert caught.value.text("zh") == (
        f'没有名为“transaction”的数据集。可用的名称有：{known}。请检查 load("…") 中的拼写。'
    )
    assert caught.value.text("en") == (
        f'There is no data set called "transaction". The names are: {known}. Check the spelling in load("…").'
    )


def test_an_unknown_column():
    with pytest.raises(DataError) as caught:
        data.codes("german_credit", "sex")
    assert (caught.value.key, caught.value.params["column"]) == ("data.no-column", "sex")


def test_a_missing_or_broken_file(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "DATASETS", tmp_path)
    with pytest.raises(DataError) as caught:
        data.names()
    assert caught.value.key == "data.no-index"
    package(tmp_path, {"one": ["1"], "two": ["1"], "three": ["1"]})
    (tmp_path / "one.csv").unlink()
    (tmp_path / "two.csv").write_text("customer_id,value\n1,much\n")
    (tmp_path / "three.csv").write_text("customer,value\n1,1\n")
    keys = {}
    for name in data.names():
        with pytest.raises(DataError) as caught:
            data.load(name)
        keys[name] = caught.value.key
    assert keys == {"one": "data.missing", "two": "data.unreadable", "three": "data.unreadable"}


def test_verify_finds_a_flipped_byte_and_a_missing_file(tmp_path):
    assert data.verify() == []
    copy = shutil.copytree(data.DATASETS, tmp_path / "datasets")
    assert data.verify(copy) == []
    damaged, missing = (copy / data.card(name)["path"] for name in ("transactions", "german_credit"))
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    missing.unlink()
    assert [(p.key, p.params["name"]) for p in data.verify(copy)] == [
        ("data.damaged", "transactions"),
        ("data.missing", "german_credit"),
    ]


def test_data_needs_no_random_numbers():
    """A draw must not depend on a library's generator, which may change from version to version."""
    source = Path(sys.modules[data.__name__].__file__).read_text(encoding="utf-8")
    assert "random" not in source
