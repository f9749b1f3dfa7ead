"""One is one and two are more, in every sentence."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates.design import survey_design
from folkmoot.core.sentences import counted, verb


def test_a_number_goes_with_its_noun_and_its_verb():
    assert [counted(one, "row") for one in (0, 1, 1204)] == ["0 rows", "1 row", "1,204 rows"]
    assert [counted(one, "study", "studies") for one in (1, 2)] == ["1 study", "2 studies"]
    assert [verb(one, "has", "have") for one in (1, 2)] == ["has", "have"]


@pytest.mark.parametrize(("bad", "said"), [(1, "1 weight is negative"), (2, "2 weights are negative")])
def test_what_is_refused_is_counted_in_good_english(bad, said):
    weights = np.ones(6)
    weights[:bad] = -1
    with pytest.raises(CannotAnalyse, match=said):
        survey_design(6, weights=weights)
