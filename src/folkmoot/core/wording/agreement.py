"""Agreement of coders as careful sentences and as chart data."""

from __future__ import annotations

from typing import Any

from folkmoot.core.agreement.compare import Agreement, CodeAgreement, Disagreement

MEASURE_NAMES = {
    "kappa": "kappa",
    "fleiss": "Fleiss' kappa",
    "alpha": "Krippendorff's alpha",
    "ac1": "Gwet's AC1",
}


def agreement_sentence(row: CodeAgreement, *, measure: str, unit: str) -> str:
    """The figure with its interval; no verdict such as "good", which depends on what the codes are used for."""
    about = "All codes together" if row.code is None else f"“{row.code}”"
    share = f"coders do the same on {row.agreement:.1%} of the {unit}s"
    figure = f"beyond chance that is {MEASURE_NAMES[measure]} {row.estimate:.2f}"
    if row.interval is None:
        return f"{about}: {share}; {figure}, with an error that these documents cannot tell."
    sentence = f"{about}: {share}; {figure} ({row.interval.level:.0%} interval {row.interval.low:.2f} to {row.interval.high:.2f})."
    if row.interval.low <= 0 <= row.interval.high:
        sentence += " Chance alone could explain it."
    return sentence


def disagreement_sentence(row: Disagreement) -> str:
    """Who gave the code and who did not, for arbitration; neither side is taken to be right."""
    return (
        f"“{row.document}”, characters {row.start} to {row.end}: {', '.join(row.coders)} gave the code"
        f" “{row.code}”, {', '.join(row.others)} did not."
    )


def agreement_chart(result: Agreement) -> list[dict[str, Any]]:
    """One mark per code with its interval where there is one."""
    rows = [*result.by_code] if result.overall is None else [*result.by_code, result.overall]
    marks: list[dict[str, Any]] = []
    for row in rows:
        mark: dict[str, Any] = {"code": row.code or "all codes", "estimate": row.estimate}
        if row.interval is not None:
            mark |= {"low": row.interval.low, "high": row.interval.high}
        marks.append(mark)
    return marks
