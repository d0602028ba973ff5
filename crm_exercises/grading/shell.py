"""IPython's shell in this process, recording what a stock kernel would have sent to the notebook."""

from __future__ import annotations

import io
import json
import re
from typing import Any, cast

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.core.inputtransformer2 import TransformerManager
from jupyter_client.jsonutil import json_default
from nbformat import NotebookNode
from traitlets import Instance, Type
from traitlets.config import Config

Output = dict[str, Any]


class OutputFullError(BaseException):
    """A notebook has written more than it may; not an ``Exception``, so that ``except Exception`` does not eat it."""


class Recorder:
    """The outputs of the cell that runs, kept as nbclient keeps the messages of a kernel.

    Parameters
    ----------
    render
        Without it nothing but errors is kept, and nothing is rendered.
    room
        Bytes that a notebook may write, kept or not.
    """

    def __init__(self, render: bool = True, room: int = 1 << 62) -> None:
        self.render = render
        self.room = room
        self.outputs: list[Output] = []
        self.streams = {name: Stream(self, name) for name in ("stdout", "stderr")}
        self._shown: dict[str, list[Output]] = {}
        self._clear_later = False

    def begin(self, outputs: list[Output]) -> None:
        """Record into ``outputs`` from now on."""
        self.outputs = outputs
        self._clear_later = False

    def flush(self) -> None:
        """Move what was printed to the outputs; like a kernel, standard output first."""
        for stream in self.streams.values():
            stream.flush()

    def count(self, size: int) -> None:
        """Take ``size`` bytes off the room that is left."""
        self.room -= size
        if self.room < 0:
            raise OutputFullError("the notebook has written too much")

    def text(self, name: str, text: str) -> None:
        """Record printed text."""
        if not self.render or not text:
            return
        last = self.outputs[-1] if self.outputs and not self._clear_later else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self._add({"output_type": "stream", "name": name, "text": text})

    def data(self, kind: str, data: Output, metadata: Output, display_id: str | None = None, **more: Any) -> None:
        """Record an ``execute_result`` or ``display_data``; an ``update_display_data`` changes what stands already."""
        self.flush()
        data, metadata = _plain(data), _plain(metadata)
        self.count(sum(len(str(part)) for part in data.values()))
        if not self.render:
            return
        for shown in self._shown.get(display_id, []) if display_id else ():
            shown["data"], shown["metadata"] = data, metadata
        if kind != "update_display_data":
            output = self._add({"output_type": kind, "metadata": metadata, "data": data, **more})
            if display_id:
                self._shown.setdefault(display_id, []).append(output)

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """Record an error; these are kept always, since they say why an answer is missing."""
        self.flush()
        self.count(len(value) + sum(map(len, traceback)))
        self._add({"output_type": "error", "ename": name, "evalue": value, "traceback": traceback})

    def clear(self, wait: bool = False) -> None:
        """Forget the outputs of this cell, now or when the next one comes."""
        self.flush()
        if wait:
            self._clear_later = True
            return
        for key, shown in self._shown.items():
            self._shown[key] = [output for output in shown if not any(output is mine for mine in self.outputs)]
        self.outputs.clear()

    def _add(self, output: Output) -> Output:
        if self._clear_later:
            self._clear_later = False
            self.clear()
        node = cast(Output, NotebookNode(output))
        self.outputs.append(node)
        return node


class Stream(io.TextIOBase):
    """Stands in for ``sys.stdout`` or ``sys.stderr``; a kernel's streams have no descriptor either."""

    def __init__(self, recorder: Recorder, name: str) -> None:
        super().__init__()
        self.name = name
        self._recorder = recorder
        self._parts: list[str] = []

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "UTF-8"

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._recorder.count(len(text))
        if self._recorder.render:
            self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        if self._parts:
            parts, self._parts = self._parts, []
            self._recorder.text(self.name, "".join(parts))

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False


class _Hook(DisplayHook):
    """What the last expression of a cell is worth."""

    recorder = Instance(Recorder)

    showing = False

    def start_displayhook(self) -> None:
        self.showing = True
        self._bundle: tuple[Output, Output] = ({}, {})

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Output, md_dict: Output | None = None) -> None:
        self._bundle = (format_dict, md_dict or {})

    def finish_displayhook(self) -> None:
        self.showing = False
        self.recorder.flush()
        data, metadata = self._bundle
        if data:
            self.recorder.data("execute_result", data, metadata, execution_count=self.prompt_count)


class _Publisher(DisplayPublisher):
    """What ``display`` and figures show."""

    recorder = Instance(Recorder)

    def publish(  # type: ignore[override]
        self,
        data: Output,
        metadata: Output | None = None,
        *,
        transient: Output | None = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        self._validate_data(data, metadata)
        kind = "update_display_data" if update else "display_data"
        self.recorder.data(kind, data, metadata or {}, (transient or {}).get("display_id"))

    def clear_output(self, wait: bool = False) -> None:
        self.recorder.clear(wait)


class _NoFormatter(DisplayFormatter):
    """Renders nothing, for notebooks whose outputs nobody will look at."""

    def format(self, obj: object, include: object = None, exclude: object = None) -> tuple[Output, Output]:
        return {}, {}


class _Transformer(TransformerManager):
    """Looks for magics, shell commands and help only in cells that can hold any: to take a cell apart costs more than to run it."""

    SPECIAL = re.compile(r"[%!?]|^\s*[/,;]", re.MULTILINE)

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        usual = len(self.token_transformers) == len(TransformerManager().token_transformers)
        if usual and not self.SPECIAL.search("".join(lines)):
            return lines
        return cast(list[str], super().do_token_transforms(lines))


class WarmShell(ZMQInteractiveShell):
    """The stock kernel's shell without its sockets."""

    input_transformer_manager = Instance(_Transformer, ())
    displayhook_class = Type(_Hook)  # type: ignore[assignment]
    display_pub_class = Type(_Publisher)  # type: ignore[assignment]
    compiler_class = Type(XCachingCompiler)

    def __init__(self, recorder: Recorder, **kwargs: Any) -> None:
        # No history file: it would be a thread, a data base and a place where one student meets another.
        config = Config({"HistoryManager": {"enabled": False}})
        super().__init__(config=config, **kwargs)
        self.attach(recorder)

    def attach(self, recorder: Recorder) -> None:
        """Send all outputs to ``recorder``."""
        self.recorder = recorder
        self.displayhook.recorder = recorder
        self.display_pub.recorder = recorder
        if not recorder.render:
            self.display_formatter = _NoFormatter(parent=self)
            self.InteractiveTB.set_mode("Plain")
            self.colors = "nocolor"

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        # A kernel counts a value that cannot be shown as an error of its cell.
        self._last_traceback_during_displayhook |= self.displayhook.showing
        self._last_traceback = stb
        self.recorder.error(str(etype.__name__), str(evalue), list(stb))

    def ask_exit(self) -> None:
        """``exit`` and ``quit`` would end a kernel; here they end the cell."""
        raise SystemExit

    def enable_gui(self, gui: object = None) -> None:
        """No window is opened here; ``%matplotlib inline`` asks for none."""


# Libraries recognise a notebook by this name (pandas, tqdm, rich, plotly).
WarmShell.__name__ = WarmShell.__qualname__ = ZMQInteractiveShell.__name__


def _plain(bundle: Output) -> Output:
    """Return a bundle as it looks after the way through a kernel's socket: images as text, tuples as lists."""
    if all(isinstance(part, str) for part in bundle.values()):
        return dict(bundle)
    return cast(Output, json.loads(json.dumps(bundle, default=json_default)))
