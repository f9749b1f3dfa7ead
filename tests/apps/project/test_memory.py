from __future__ import annotations

import subprocess
import sys

BEGIN = """
import gc, os
os.environ["FOLKMOOT_NO_WORKER"] = "1"
kept = [[] for _ in range(1000)]
from folkmoot.project import serving
serving.when_ready(None)
assert gc.get_freeze_count() > 1000, gc.get_freeze_count()
looked = []
gc.callbacks.append(lambda phase, about: looked.append(about["generation"]))
page = [[] for _ in range(15_000)]
assert not looked, looked
held = [[] for _ in range(15_000)]
assert looked, "nothing is ever collected"
"""


def test_a_page_does_not_make_the_server_walk_through_all_that_it_has_loaded():
    done = subprocess.run([sys.executable, "-c", BEGIN], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
