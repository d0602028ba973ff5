"""The words a notebook uses: ``begin``, ``check``, ``hint``, ``solution``, ``hand_in``. They show their result and return nothing."""

from __future__ import annotations

import sys
from typing import Any

from ..core.chapter import read_chapter
from ..core.errors import CrmError
from ..core.messages import in_marks, say, set_language
from ..data import student_number
from .session import Session
from .show import Panel

_current: Session | None = None


def begin(chapter: str, lang: str, student: str | int = "0") -> None:
    """Open a chapter for a student; stands in the second cell of each notebook.

    Parameters
    ----------
    chapter
        Name of the chapter, such as ``ch06_value``.
    lang
        ``"zh"`` or ``"en"``: the language of all that the notebook says.
    student
        The student number; it decides which data the student has. ``"0"`` is no student: the published data, or a sample of them.
    """
    global _current
    set_language(lang)
    number = student_number(student)
    _current = Session(read_chapter(chapter), lang, number, _names())
    _watch()
    about = _current.chapter
    key, lines = ("begin.zero", []) if number == "0" else ("begin.student", [say("begin.again", lang)])
    params = {
        "number": about.number,
        "title": about.title[lang],
        "count": len(about.exercises),
        "marks": in_marks(about.marks),
    }
    Panel("info", say(key, lang, student=number, **params), lines).display()
    if kept := _current.sidecar.put_aside():
        Panel("malformed", say("sidecar.damaged", lang, path=_current.sidecar.path.name, kept=kept.name)).display()


def session() -> Session:
    """Return the chapter that is open in this notebook.

    Raises
    ------
    CrmError
        If ``begin`` has not run.
    """
    if _current is None:
        raise CrmError("check.no_chapter")
    return _current


def refused(error: CrmError) -> Panel:
    """Return what is shown instead of a traceback: in the notebook's language, in both as long as it is not known."""
    if _current:
        return Panel("malformed", error.text(_current.lang))
    return Panel("malformed", error.text("zh"), [error.text("en")])


def check(exercise: str) -> None:
    """Say what is right, what is wrong and why in the answer to ``exercise``."""
    _show(lambda now: now.check(exercise), exercise)


def hint(exercise: str) -> None:
    """Show the next of three hints for ``exercise``."""
    _show(lambda now: now.hint(exercise))


def solution(exercise: str, sure: bool = False) -> None:
    """Show the worked solution of ``exercise``: after a first try, or with ``sure=True``."""
    _show(lambda now: now.solution(exercise, sure))


def hand_in(notebook: str | None = None) -> None:
    """List what has no answer yet and write the one file to hand in."""
    from .handin import write

    _show(lambda now: write(now, notebook))


def _show(make: Any, exercise: str | None = None) -> None:
    """Show the panel that ``make`` gives; an error that a person can mend is shown as a panel too, not as a traceback."""
    try:
        now = session()
        panel = make(now)
    except CrmError as error:
        refused(error).display()
        return
    panel.display()
    if exercise and now.chapter.open and panel.tone != "correct":
        from .forms import help_buttons

        help_buttons(now, exercise)


def _watch() -> None:
    """Let IPython tell the open chapter how cells end (a handler is registered once, however often this runs)."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None:
        shell.events.register("post_run_cell", _cell_ended)


def _cell_ended(result: Any) -> None:
    if _current and result is not None:
        _current.runs.ended(result.info.raw_cell or "", result.error_before_exec or result.error_in_exec)


def _names() -> dict[str, Any]:
    """Return the namespace of the notebook (or of the calling script)."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None:
        names: dict[str, Any] = shell.user_ns
        return names
    frame = sys._getframe(2)
    return frame.f_globals
