"""Chinese in figures: the one place that tells matplotlib which fonts to use."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

BUNDLED = "Noto Sans SC"
"""Family of the font that the package ``pylopdf-fonts-zh-cn`` carries (SIL Open Font License)."""

INSTALLED = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
"""Families with simplified characters that an operating system may have, best first: the second choice."""


def use_fonts() -> str:
    """Let matplotlib draw simplified Chinese on any machine.

    The bundled font comes first, so a figure looks the same everywhere; an installed one is taken only if
    the bundled one is missing. Calling it again costs nothing and changes nothing.

    Returns
    -------
    str
        The family that draws Chinese; ``"DejaVu Sans"`` if this machine has none.
    """
    import matplotlib as mpl

    family = _chinese_family()
    families = list(dict.fromkeys([family, "DejaVu Sans"]))
    if mpl.rcParams["font.family"] != families:
        mpl.rcParams["font.family"] = families
    mpl.rcParams["axes.unicode_minus"] = True
    return family


def _chinese_family() -> str:
    from matplotlib import font_manager

    manager = font_manager.fontManager
    bundled = bundled_file()
    if bundled is not None:
        if not any(Path(font.fname) == bundled for font in manager.ttflist):
            manager.addfont(str(bundled))
        return BUNDLED
    known = {font.name for font in manager.ttflist}
    return next((family for family in INSTALLED if family in known), "DejaVu Sans")


def bundled_file() -> Path | None:
    """Return the path of the bundled font, or None if its package is not installed."""
    try:
        path = Path(import_module("pylopdf_fonts_zh_cn").sans_path())
    except ImportError:
        return None
    return path if path.is_file() else None
