"""Where the checkout stands."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(os.environ.get("CRM_HOME") or Path(__file__).parents[2]).resolve()
"""Root of the checkout; ``CRM_HOME`` overrides it."""


def bundles() -> Path:
    """Return the folder of the chapter bundles: ``CRM_BUNDLES`` (exam rooms, the box) or the checkout's own."""
    return Path(os.environ.get("CRM_BUNDLES") or ROOT / "notebooks" / "bundle")
