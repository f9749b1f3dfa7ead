"""Studies and their marks as one flat table: a row for each mark, the study's own columns in every row.

The same columns go out and come in. What does not belong here: storing (``importing``) or choosing
what to write (``exporting``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from folkmoot.core.errors import FolkmootError
from folkmoot.evidence.models import Mark, Study

TEXT = [
    "authors",
    "title",
    "reference",
    "design",
    "setting",
    "country",
    "unit",
    "evaluators",
    "sample",
    "recruitment",
    "missing_people",
    "summary",
    "corrected",
]
NUMBERS = ["year", "level_low", "level_high", "inclusion_level"]
FLAGS = ["title_verified", "not_verified", "association"]
STUDY_COLUMNS = [
    "study",
    "key",
    "authors",
    "year",
    "title",
    "title_verified",
    "reference",
    "kind",
    "design",
    "setting",
    "country",
    "unit",
    "level_low",
    "level_high",
    "inclusion_level",
    "evaluators",
    "sample",
    "recruitment",
    "missing_people",
    "read_where",
    "figures",
    "not_verified",
    "summary",
    "corrected",
    "conflict",
    "retracted_on",
    "retraction_note",
    "association",
    "differs",
    "remarks",
    "pools",
]
MARK_TEXT = ["horizon", "population", "outcome", "note", "figure"]
MARK_FLAGS = ["manipulated", "delivered", "fading", "in_conflict"]
MARK_COLUMNS = [
    "factor",
    "sign",
    "horizon",
    "horizon_days",
    "population",
    "outcome",
    "randomised",
    "manipulated",
    "delivered",
    "mark_association",
    "direct",
    "fading",
    "in_conflict",
    "note",
    "figure",
]
COLUMNS = (*STUDY_COLUMNS, *MARK_COLUMNS)
NEEDED = ("study", "authors", "title", "kind", "read_where")
SIGNS = {"▲": "up", "▼": "down", "=": "same", "○": "not_found", "–": "not_measured", "-": "not_measured"}
YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0", ""}
BETWEEN = " | "
MAX_TEXT = 4000


def rows_of(
    study: Study, marks: Iterable[Mark], *, randomised: set[int], pools: Iterable[str]
) -> list[dict[str, Any]]:
    """The rows of one study: one for each mark, or a single one where it has none."""
    about = {
        **{name: getattr(study, name) for name in TEXT},
        **{name: "" if getattr(study, name) is None else getattr(study, name) for name in NUMBERS},
        **{name: _word(getattr(study, name)) for name in FLAGS},
        "study": name_in_file(study),
        "key": study.key,
        "kind": study.kind,
        "read_where": study.read_where,
        "figures": BETWEEN.join(f"{one['about']}: {one['text']}" for one in study.figures),
        "conflict": study.conflict,
        "retracted_on": study.retracted_at.isoformat() if study.retracted_at else "",
        "retraction_note": study.retraction_note,
        "differs": "; ".join(study.differs),
        "remarks": BETWEEN.join(study.remarks),
        "pools": "; ".join(pools),
    }
    listed = [
        about
        | {name: getattr(one, name) for name in MARK_TEXT}
        | {name: _word(getattr(one, name)) for name in MARK_FLAGS}
        | {
            "factor": one.factor.key or one.factor.wording,
            "sign": one.sign,
            "horizon_days": "" if one.horizon_days is None else one.horizon_days,
            "randomised": _word(one.factor_id in randomised),
            "mark_association": _word(one.association),
            "direct": _word(one.direct),
        }
        for one in marks
    ]
    return listed or [about]


def name_in_file(study: Study) -> str:
    """What ties the rows of one study together, and what a review's ``pools`` names."""
    return study.key or f"S{study.pk}"


def _word(flag: bool) -> str:
    return "yes" if flag else "no"


def study_details(row: Mapping[str, str]) -> dict[str, Any]:
    """The study's own columns of a row as the action takes them; a sentence where one makes no sense."""
    missing = [name for name in NEEDED if not row.get(name)]
    if missing:
        raise FolkmootError(f"There is nothing under {', '.join(missing)}.")
    details: dict[str, Any] = {name: _text(row, name, Study) for name in TEXT}
    details |= {name: number_in(row, name) for name in NUMBERS}
    details |= {name: flag_in(row, name) for name in FLAGS}
    for name, choices in (("kind", Study.Kind), ("read_where", Study.Read)):
        if row[name] not in choices.values:
            raise FolkmootError(f"“{row[name]}” is no {name}: it is one of {', '.join(choices.values)}.")
        details[name] = row[name]
    if details["kind"] in {Study.Kind.QUALITATIVE, Study.Kind.MEMBERS}:
        for name in ("level_low", "level_high"):
            details[name] = details[name] or 0
    details["key"] = row.get("key", "")[:20]
    details["differs"] = [one.strip() for one in row.get("differs", "").split(";") if one.strip()]
    unknown = set(details["differs"]) - {"unit", "population", "dose", "delivery"}
    if unknown:
        raise FolkmootError(f"What may differ is unit, population, dose, delivery; not {', '.join(unknown)}.")
    details["remarks"] = [one.strip() for one in row.get("remarks", "").split(BETWEEN) if one.strip()]
    details["figures"] = [_figure(one) for one in row.get("figures", "").split(BETWEEN) if one.strip()]
    return details


def _figure(text: str) -> dict[str, Any]:
    about, colon, figure = text.partition(":")
    if not colon or not about.strip() or not figure.strip():
        raise FolkmootError(f"The figure “{text[:60]}” has to say what it is, a colon, and the figure.")
    return {"about": about.strip(), "text": figure.strip(), "verified": True}


def mark_details(row: Mapping[str, str]) -> dict[str, Any]:
    """The mark's columns of a row as the action takes them, but for the factor."""
    sign = SIGNS.get(row.get("sign", ""), row.get("sign", ""))
    if sign not in Mark.Sign.values:
        raise FolkmootError(
            f"“{row.get('sign', '')}” is no mark: it is one of up, down, same, not_found, not_measured. "
            "Where it went both ways, split it by time, people or outcome."
        )
    return {
        "sign": sign,
        **{name: _text(row, name, Mark) for name in MARK_TEXT},
        **{name: flag_in(row, name) for name in MARK_FLAGS},
        "horizon_days": number_in(row, "horizon_days"),
        "randomised": flag_in(row, "randomised"),
        "association": flag_in(row, "mark_association"),
        "direct": flag_in(row, "direct", otherwise=True),
    }


def _text(row: Mapping[str, str], name: str, model: Any) -> str:
    text = row.get(name, "").strip()
    most = model._meta.get_field(name).max_length or MAX_TEXT
    if len(text) > most:
        raise FolkmootError(f"The text under {name} has {len(text)} characters; {most} are the most.")
    return text


def number_in(row: Mapping[str, str], name: str) -> int | None:
    """A whole number from zero, or None where nothing stands."""
    text = row.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 5:
        raise FolkmootError(f"“{text[:20]}” under {name} is no whole number from zero.")
    return int(text)


def flag_in(row: Mapping[str, str], name: str, *, otherwise: bool = False) -> bool:
    """Yes or no; ``otherwise`` where nothing stands."""
    text = row.get(name, "").strip().casefold()
    if not text:
        return otherwise
    if text in YES or text in NO:
        return text in YES
    raise FolkmootError(f"“{text[:20]}” under {name} is neither yes nor no.")


def day_in(row: Mapping[str, str], name: str) -> date | None:
    """A day as 2026-11-23, or None where nothing stands."""
    text = row.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FolkmootError(f"“{text[:20]}” under {name} is no day: write it as 2026-11-23.") from None
