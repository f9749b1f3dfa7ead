"""The designs of ``folkmoot analyse effect`` by name.

What does not belong here: anything else.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np

from folkmoot.analyse.effect_changes import before_and_after, did
from folkmoot.analyse.effect_laid import Laid
from folkmoot.analyse.effect_series import displacement_laid, series_laid
from folkmoot.analyse.effect_staggered import staggered
from folkmoot.analyse.effect_trial import trial
from folkmoot.analyse.tables import Table

DESIGNS: dict[str, Callable[[Table, argparse.Namespace, np.random.Generator], Laid]] = {
    "trial": trial,
    "before-after": before_and_after,
    "did": did,
    "staggered": staggered,
    "series": series_laid,
    "displacement": displacement_laid,
}
