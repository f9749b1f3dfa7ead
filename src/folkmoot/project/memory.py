"""How the server's processes look after memory.

Python's collector walks through everything that is alive whenever a page has made enough that is new. With the whole
site loaded that is a fifth of a second, again and again, for objects that will not go until the server does.
"""

from __future__ import annotations

import gc

NEW = 20_000  # objects made and not yet let go before the collector looks at what is young; Python's own: 700
YOUNG = 20  # such looks before it looks at what survived them


def settle() -> None:
    """Keep what is loaded by now for good; from here on the collector looks at what came later, and more seldom.

    For a process that has loaded the site and will serve it. What it forks inherits this and shares its memory,
    which the collector no longer writes to.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW, YOUNG, YOUNG)
