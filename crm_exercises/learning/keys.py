"""Keyboard use of widgets in JupyterLab."""

from __future__ import annotations

from IPython.display import display

RELEASE = """
const release = (tries) => {
  const area = element.closest('.jp-OutputArea');
  const mine = (event) => event.target.setAttribute('data-lm-suppress-shortcuts', 'true');
  if (area) area.addEventListener('focusin', mine);
  else if (tries) setTimeout(() => release(tries - 1), 100);
};
release(100);
"""
"""The output is put into the page after this has run, so it looks for it again for ten seconds."""


def release_keys() -> None:
    """Let the widgets of this cell's output have their keys.

    In command mode JupyterLab takes arrow keys and digits for itself, wherever the focus is: lists and radio buttons could not be used
    without a mouse. The attribute, set on what has the focus, tells JupyterLab to keep its hands off.
    """
    display({"application/javascript": RELEASE, "text/plain": ""}, raw=True)
