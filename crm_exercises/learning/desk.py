"""The student's desk: a work folder with their own copies of the notebooks, kept through every update."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from ..core.errors import UsageError
from ..core.messages import LANGS
from ..core.paths import ROOT


@dataclass
class Update:
    """What an update did: notebooks on the desk, and new versions put beside changed ones."""

    count: int = 0
    new_versions: list[str] = field(default_factory=list)


class Desk:
    """The work folder ``folder``; ``issued.json`` in it remembers which version each copy came from."""

    def __init__(self, folder: Path, notebooks: Path | None = None) -> None:
        self.folder = folder
        self.notebooks = notebooks or ROOT / "notebooks"
        self.issued_path = folder / "issued.json"

    def update(self) -> Update:
        """Bring the folder up to date.

        A copy that its owner never changed is replaced; a changed one stays, and the new version is put beside it.

        Raises
        ------
        UsageError
            If the folder cannot be written to.
        """
        update = Update()
        issued = self._issued()
        try:
            for lang in LANGS:
                (self.folder / lang).mkdir(parents=True, exist_ok=True)
                for source in sorted((self.notebooks / lang).glob("ch*.ipynb")):
                    self._bring(source, self.folder / lang / source.name, issued, update)
            self.issued_path.write_text(json.dumps(issued, indent=1), encoding="utf-8")
        except OSError as error:
            raise UsageError("lab.unwritable", folder=str(self.folder), error=error.strerror or str(error)) from error
        return update

    def _bring(self, source: Path, target: Path, issued: dict[str, str], update: Update) -> None:
        update.count += 1
        name, new = self._name(target), _sha(source)
        if not target.exists() or _sha(target) == issued.get(name):
            shutil.copyfile(source, target)
            issued[name] = new
        elif issued.get(name) != new and _sha(target) != new:
            beside = self._beside(target, new, issued)
            shutil.copyfile(source, beside)
            issued[name] = issued[self._name(beside)] = new
            update.new_versions.append(str(beside))

    def _beside(self, target: Path, new: str, issued: dict[str, str]) -> Path:
        """Return where the new version of a changed copy goes: not over an earlier one that its owner works in by now."""
        for number in count(1):
            beside = target.with_suffix(".new.ipynb" if number == 1 else f".new-{number}.ipynb")
            if not beside.exists() or _sha(beside) in (issued.get(self._name(beside)), new):
                break
        return beside

    def _name(self, copy: Path) -> str:
        return copy.relative_to(self.folder).as_posix()

    def _issued(self) -> dict[str, str]:
        try:
            loaded = json.loads(self.issued_path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def open(self, lang: str, *, browser: bool = True) -> int:
        """Start JupyterLab on the folder, in its owner's language, and return its exit code; nothing is asked of the network."""
        extra = [] if browser else ["--no-browser"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container: Jupyter wants to be told
            extra.append("--allow-root")
        return subprocess.call([sys.executable, "-m", "jupyterlab", *self.lab_options(lang), *extra])

    def lab_options(self, lang: str) -> list[str]:
        """Return JupyterLab's options for this desk: its folder, its language, no news, no look for updates."""
        settings = self.folder / ".lab"
        settings.mkdir(parents=True, exist_ok=True)
        overrides = {
            "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
            "@jupyterlab/translation-extension:plugin": {"locale": {"zh": "zh_CN", "en": "default"}[lang]},
        }
        (settings / "overrides.json").write_text(json.dumps(overrides), encoding="utf-8")
        return [
            f"--ServerApp.root_dir={self.folder.resolve()}",
            f"--LabApp.default_url=/lab/tree/{lang}",
            f"--LabApp.app_settings_dir={settings.resolve()}",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
