"""How much is tried: everything with ``LEGATO_TORTURE`` above 1 (``make torture``), else a part."""

import os

IS_WHOLE = int(os.environ.get("LEGATO_TORTURE", "1")) > 1


def step(part: int) -> int:
    """Every operation, or one in ``part``."""
    return 1 if IS_WHOLE else part


def times(whole: int, part: int) -> int:
    """So many rounds of ``whole``, or ``part``."""
    return whole if IS_WHOLE else part
