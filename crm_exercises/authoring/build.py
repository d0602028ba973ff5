"""Deriving everything from ``course/``: messages, bundles, student notebooks, executed solutions, and the manifest that proves them fresh.

What is cheap is derived anew each time and compared to the byte. Executing a solution is not, so the manifest keeps a fingerprint of
all that a solution depends on; a solution is executed again only when that changes.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from ..core.chapter import chosen
from ..core.errors import CrmError, SourceError
from ..core.messages import LANGS, Message, catalogue
from ..core.paths import ROOT
from .notebooks import solution_notebook, student_notebook
from .source import Source, read_source

CELL_TIMEOUT = 120
SHARED_CODE = ("core", "core/messages.json", "learning", "trade", "plots", "data.py", "fonts.py", "__init__.py")
"""Parts of the package that a solution's outputs can depend on: its code, and what it says."""


@dataclass
class Report:
    """What a build did, as paths relative to the root."""

    written: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    rescued: list[str] = field(default_factory=list)


class Build:
    """One build of the checkout at ``root``.

    Parameters
    ----------
    check
        Write nothing; list what is stale.
    tell
        Called with the relative path of each solution before it is executed.
    """

    def __init__(
        self, root: Path = ROOT, *, check: bool = False, tell: Callable[[str], None] = lambda path: None
    ) -> None:
        self.root, self.check, self.tell = root, check, tell
        self.report = Report()
        self.manifest_path = root / "notebooks" / "bundle" / "manifest.json"
        self.old: dict[str, dict[str, str]] = self._read_manifest()

    def run(self, only: tuple[str, ...] = ()) -> Report:
        """Derive all chapters, or those whose name starts with one of ``only``.

        Raises
        ------
        SourceError
            If a source or a file of messages cannot be read.
        UsageError
            If there is no such chapter.
        """
        self._put("crm_exercises/core/messages.json", _messages(self.root / "course" / "messages"))
        catalogue.cache_clear()
        paths = {path.stem: path for path in sorted((self.root / "course").glob("ch*.md"))}
        wanted = [read_source(paths[name]) for name in chosen(paths, only)]
        files = dict(self.old.get("files", {})) if only else {}
        solutions = dict(self.old.get("solutions", {})) if only else {}
        shared = self._shared_fingerprint()
        for source in wanted:
            name = source.path.stem
            derived = {f"notebooks/bundle/{name}.json": source.chapter.dumps()}
            derived |= {
                f"notebooks/{lang}/{name}.ipynb": nbformat.writes(student_notebook(source, lang)) + "\n"
                for lang in LANGS
            }
            for path, text in derived.items():
                self._put(path, text)
                files[path] = _sha(text)
        for path, mark in self._solutions(wanted, shared):
            solutions[path] = mark
            if (self.root / path).is_file():
                files[path] = _sha((self.root / path).read_text(encoding="utf-8"))
        if not only:
            self._remove_orphans(set(paths))
        manifest = {"files": dict(sorted(files.items())), "solutions": dict(sorted(solutions.items()))}
        self._put("notebooks/bundle/manifest.json", json.dumps(manifest, indent=1) + "\n")
        return self.report

    def _solutions(self, sources: list[Source], shared: str) -> list[tuple[str, str]]:
        """Execute the solutions whose fingerprint changed, on all cores; return every path with its fingerprint."""
        marks, due = [], []
        for source in sources:
            for lang in LANGS:
                path = f"solutions/{lang}/{source.path.stem}.ipynb"
                text = nbformat.writes(solution_notebook(source, lang))
                mark = _sha(shared + text)
                marks.append((path, mark))
                if not self._solution_is_fresh(path, mark):
                    due.append((path, text))
        if self.check:
            self.report.stale += [path for path, _ in due]
        elif due:
            with ThreadPoolExecutor(max_workers=2) as pool:
                for path, _ in due:
                    self.tell(path)
                for (path, _), text in zip(due, pool.map(_executed, *zip(*due, strict=True)), strict=True):
                    self._put(path, text)
        return marks

    def _solution_is_fresh(self, path: str, mark: str) -> bool:
        target = self.root / path
        if self.old.get("solutions", {}).get(path) != mark or not target.is_file():
            return False
        return self.old.get("files", {}).get(path) == _sha(target.read_text(encoding="utf-8"))

    def _shared_fingerprint(self) -> str:
        package = self.root / "crm_exercises"
        files = [self.root / "datasets" / "datapackage.json"]
        for part in SHARED_CODE:
            files += sorted((package / part).rglob("*.py")) if (package / part).is_dir() else [package / part]
        return _sha("".join(_sha(path.read_text(encoding="utf-8")) for path in files if path.is_file()))

    def _put(self, path: str, text: str) -> None:
        """Write a derived file if it differs; what somebody changed by hand is first put aside, never overwritten."""
        target = self.root / path
        current = target.read_text(encoding="utf-8") if target.is_file() else None
        if current == text:
            return
        if self.check:
            self.report.stale.append(path)
            return
        known = self.old.get("files", {}).get(path)
        if current is not None and known and _sha(current) != known and target.suffix == ".ipynb":
            kept = self.root / "work" / "rescued" / f"{target.parent.name}-{target.stem}-{_sha(current)[:8]}.ipynb"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(current, encoding="utf-8")
            self.report.rescued.append(str(kept.relative_to(self.root)))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        self.report.written.append(path)

    def _remove_orphans(self, names: set[str]) -> None:
        """Remove what was derived from a chapter that is gone, but only files that this tool wrote and nobody changed."""
        for path, known in self.old.get("files", {}).items():
            target = self.root / path
            if target.stem in names or not target.is_file() or _sha(target.read_text(encoding="utf-8")) != known:
                continue
            if self.check:
                self.report.stale.append(path)
            else:
                target.unlink()
                self.report.written.append(path)

    def _read_manifest(self) -> dict[str, dict[str, str]]:
        if not self.manifest_path.is_file():
            return {}
        loaded: dict[str, dict[str, str]] = json.loads(self.manifest_path.read_text(encoding="utf-8"))
        return loaded


def _executed(path: str, text: str) -> str:
    """Return the notebook ``text`` with the outputs of a real kernel, without what differs from run to run."""
    notebook = nbformat.reads(text, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            resources={"metadata": {"path": folder}},
            record_timing=False,
            coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise CrmError("build.failed", path=path, error=str(error)[-1500:]) from error
    notebook.metadata["language_info"] = {"name": "python"}
    return nbformat.writes(notebook) + "\n"


def _messages(folder: Path) -> str:
    """Return the catalogue as JSON after checking that each sentence stands once and in both languages."""
    catalogue: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        for key, pair in (yaml.safe_load(text) or {}).items():
            if key in catalogue or not isinstance(pair, dict) or pair.keys() != set(LANGS):
                line = next((number for number, row in enumerate(text.splitlines(), 1) if row.startswith(f"{key}:")), 1)
                raise SourceError("source.field", file=path.name, line=line, field=key, told=Message("source.sentence"))
            catalogue[key] = pair
    return json.dumps(catalogue, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
