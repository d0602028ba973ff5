"""nbval over all notebooks in both languages: starters run from top to bottom, solutions give the outputs that they were built with."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crm_exercises.core.paths import ROOT


@pytest.mark.parametrize(("folder", "mode"), [("notebooks", "--nbval-lax"), ("solutions", "--nbval")])
def test_notebooks(folder: str, mode: str, tmp_path: Path) -> None:
    """Student notebooks have no outputs to compare (lax); both run on copies elsewhere: the working folder must not matter."""
    for lang in ("zh", "en"):
        shutil.copytree(ROOT / folder / lang, tmp_path / lang)
    command = [
        sys.executable,
        "-m",
        "pytest",
        mode,
        "--nbval-current-env",
        "--nbval-cell-timeout=120",
        "-n2",
        "--dist=loadscope",
    ]
    command += ["-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed.group(1)) >= 2 * len(list((ROOT / folder / "zh").glob("*.ipynb")))
