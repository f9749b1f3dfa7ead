"""R as an oracle: a script run as a subprocess over tables of ours, answering with named numbers."""

from __future__ import annotations

import csv
import os
import pathlib
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence

import pytest

Columns = Mapping[str, Sequence[object]]

SAY = """
options(digits = 17, warn = -1, survey.lonely.psu = "fail")
say <- function(name, values) {
  cat(name, format(as.numeric(unname(values)), digits = 17), sep = "\\t")
  cat("\\n")
}
"""


@pytest.fixture(scope="session")
def r() -> Callable[..., dict[str, list[float]]]:
    """``r(script, folder, packages, **tables)``: what the script says, by name.

    Each table is written to ``folder`` as NAME.csv, which the script reads with ``read.csv``; the script
    answers with ``say("name", numbers)``. The test is skipped where R or a package is missing.
    """
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("Rscript is not here, so nothing was compared with R")

    def ask(
        script: str, folder: pathlib.Path, packages: Sequence[str], **tables: Columns
    ) -> dict[str, list[float]]:
        for name, columns in tables.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(columns)
                writer.writerows(
                    [repr(float(cell)) if isinstance(cell, float) else cell for cell in row]
                    for row in zip(*columns.values(), strict=True)
                )
        attach = "".join(f"suppressPackageStartupMessages(library({package}))\n" for package in packages)
        (folder / "script.R").write_text(attach + SAY + script, encoding="utf-8")
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [program, "--vanilla", "script.R"],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        if done.returncode and "there is no package called" in done.stderr:
            pytest.skip(f"R lacks a package: {done.stderr.strip().splitlines()[0]}")
        assert done.returncode == 0, done.stderr[-2000:]
        answers: dict[str, list[float]] = {}
        for line in done.stdout.splitlines():
            name, *numbers = line.split("\t")
            answers[name] = [float(number) if number.strip() != "NA" else float("nan") for number in numbers]
        return answers

    return ask
