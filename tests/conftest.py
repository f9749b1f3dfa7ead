"""What every test may use. Tests that need the real files ask for ``corpus``."""

from __future__ import annotations

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def corpus() -> pathlib.Path:
    """The folder of real files: FOLKMOOT_CORPUS, or ../shared/corpus beside the project."""
    folder = pathlib.Path(os.environ.get("FOLKMOOT_CORPUS") or ROOT.parent / "shared" / "corpus")
    if folder.is_dir():
        return folder
    message = "the corpus of real files is not here; set FOLKMOOT_CORPUS to its folder"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
