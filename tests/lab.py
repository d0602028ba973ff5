"""A real JupyterLab in a real headless Chromium, for tests that click."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crm_exercises.learning.desk import Desk

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def server(folder: Path, lang: str = "zh") -> Iterator[str]:
    """Run JupyterLab as ``crm lab`` does on the work folder ``folder`` and yield its address (it listens on the loopback only)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
    ]
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(folder / ".config"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces"),
    }
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*command, *Desk(folder).lab_options(lang)], **quiet) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/api/status", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(address: str, process: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start")


@contextlib.contextmanager
def browser_page(width: int = 1200, height: int = 1000) -> Iterator[Any]:
    """Yield a page of a headless Chromium; what is asked of any other machine is refused."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(60_000)
        try:
            yield page
        finally:
            browser.close()


class Notebook:
    """A notebook open in JupyterLab, driven through its own commands; cells are found by what they say."""

    def __init__(self, page: Any, address: str, path: str) -> None:
        self.page = page
        page.goto(f"{address}/lab/tree/{path}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext")
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.ready")
        self.idle()

    def idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
        )

    def cell(self, text: str) -> Any:
        """Return the first code cell that contains ``text``, scrolled into view (JupyterLab draws only what is near)."""
        for _ in range(60):
            found = self.page.locator(".jp-CodeCell", has=self.page.locator(".cm-content", has_text=text)).first
            if found.count():
                found.scroll_into_view_if_needed()
                return found
            self.page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollBy(0, 500)")
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no cell with {text!r}")

    def top(self) -> None:
        self.page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollTo(0, 0)")
        self.page.wait_for_timeout(200)

    def write(self, text: str, source: str) -> None:
        """Replace the source of the cell that contains ``text``."""
        self.cell(text).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def run(self, text: str) -> Any:
        """Run the cell that contains ``text`` and return it with its outputs."""
        self.cell(text).locator(".cm-content").click()
        self.command("notebook:run-cell")
        return self.cell(text)

    def run_all(self) -> None:
        self.command("notebook:run-all-cells")

    def save(self) -> None:
        self.command("docmanager:save")

    def restart(self) -> None:
        """Restart the kernel without asking."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
        self.page.wait_for_timeout(1000)
        self.idle()

    def command(self, name: str) -> None:
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)
        self.page.wait_for_timeout(300)
        self.idle()
