"""One verb of ``folkmoot analyse`` in a process of its own, which ends when whoever began it ends.

``python -m folkmoot.evaluations.apart VERB FILE … -o RESULT``. Knows nothing of the site, so that it starts
quickly and can be ended at any moment. What does not belong here: who may ask, and what becomes of the result.
"""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    from folkmoot.analyse.command import main

    sys.exit(main(sys.argv[1:]))
