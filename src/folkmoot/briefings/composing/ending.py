"""What would settle it, the limits, how the edition was made, and the whole in a few lines."""

from __future__ import annotations

from typing import Any

from folkmoot import __version__
from folkmoot.briefings.composing.context import Context
from folkmoot.briefings.composing.framing import interviews_of
from folkmoot.briefings.composing.parts import Part, number, ref, say, sentence
from folkmoot.briefings.frozen import assumptions_of, entries
from folkmoot.briefings.models import Edition
from folkmoot.coding.queries import INTERVIEWS
from folkmoot.core.standing import RULES, weakest
from folkmoot.evidence.queries.settling import Settling, settling_of
from folkmoot.mechanisms.models import Mechanism
from folkmoot.organisations.visibility import visible
from folkmoot.sources.models import Source


def short(context: Context, knowledge: list[Part]) -> dict[str, Any]:
    """What the edition claims and what stands on either side, for somebody with a minute."""
    objective, theme = context.briefing.objective, context.briefing.theme
    steps = number(len(knowledge), "step")
    if objective is not None:
        says = f"{objective.organisation} wants this to change: {objective.what_change.rstrip('.')}. It is supposed to come about in {steps}."
    else:
        assert theme is not None  # the database allows one or the other
        says = f"Under the theme “{theme.name}”, people and documents speak of {steps}."
    judged = {str(seen.assumption.pk): seen.shown.judged.judgement for seen in context.seen}
    weak = weakest(judged) if judged else None
    named = {one["id"]: one["text"] for one in knowledge}
    loose = [claim for claim in context.subject.loose if claim.state != "disputed"]
    return {
        "says": says,
        "weakest": weak.sentence if weak else "",
        "weakest_steps": [{"assumption": int(key), "text": named[int(key)]} for key in weak.assumptions]
        if weak
        else [],
        "steps": [_of_step(one) for one in knowledge],
        "for": {
            "studies": _studies(knowledge, "for"),
            "accounts": _accounts(knowledge, "for")
            + sum(one.stance in ("asserts", "supports") for one in loose),
            "findings": _findings(knowledge, "for"),
        },
        "against": {
            "studies": _studies(knowledge, "against"),
            "no_effect": _studies(knowledge, "no_effect"),
            "accounts": _accounts(knowledge, "against") + sum(one.stance == "challenges" for one in loose),
            "findings": _findings(knowledge, "against"),
            "disputed": _accounts(knowledge, "disputed")
            + sum(one.state == "disputed" for one in context.subject.loose),
            "without": len({item["study"] for one in knowledge for item in one["beside"]["without"]}),
            "clues": sum(item["missed"] for one in knowledge for item in one["clues"]),
        },
    }


def _of_step(one: Part) -> dict[str, Any]:
    """How much stands on either side of one step, tests and accounts apart."""
    return {
        "assumption": one["id"],
        "text": one["text"],
        "for": {"studies": _studies([one], "for"), "accounts": len(one["accounts"]["for"])},
        "against": {
            "studies": _studies([one], "against"),
            "no_effect": _studies([one], "no_effect"),
            "accounts": len(one["accounts"]["against"]),
            "disputed": len(one["accounts"]["disputed"]),
        },
    }


def _studies(knowledge: list[Part], side: str) -> int:
    """Distinct studies: one that reads on three steps is one study."""
    return len({item["study"] for one in knowledge for item in one["tests"][side]})


def _accounts(knowledge: list[Part], side: str) -> int:
    return sum(len(one["accounts"][side]) for one in knowledge)


def _findings(knowledge: list[Part], side: str) -> int:
    return sum(len(one["findings"][side]) for one in knowledge)


def settling(context: Context) -> list[Part]:
    """The ready designs that speak to a step in scope, each once."""
    found: dict[int, Settling] = {}
    early: dict[int, str] = {}
    for seen in context.seen:
        early[seen.assumption.pk] = seen.shown.ended_early
        for one in settling_of(seen.assumption):
            found.setdefault(one.design.pk, one)
    open_to_all = set(
        Mechanism.objects.filter(
            visible(context.readers), pk__in=[one.design.mechanism_id for one in found.values()]
        ).values_list("pk", flat=True)
    )
    parts: list[Part] = []
    for one in found.values():
        if one.design.mechanism_id in open_to_all:
            parts += _design(one, early=early.get(one.design.assumption_id, ""))
    return parts or [
        say(
            "No ready design speaks to these steps yet. A comparison chosen by lot, in which a step's cause and "
            "effect are both measured, would be a test."
        )
    ]


def _design(one: Settling, *, early: str) -> list[Part]:
    design = one.design
    if one.per_arm is not None:
        size = (
            f"{one.size_in_words}, so that a change {one.change_in_words} would be found eight times in ten. "
            "The starting figures are assumed: put your own in."
        )
    else:
        size = one.why_not
    return [
        {
            "kind": "facts",
            "title": design.title,
            "rows": [
                {"key": "Speaks to", "text": str(design.assumption)},
                {"key": "Design", "text": f"{sentence(design.design)} {sentence(design.assignment)}"},
                {"key": "Compared with", "text": design.comparison},
                {"key": "Measure", "text": f"{design.outcome}; {design.follow_up}"},
                {"key": "Size", "text": size},
                {"key": "Why", "text": f"{early} {design.why}".strip()},
            ],
            "refs": [ref("assumption", design.assumption_id, "the step")],
            "state": "",
        }
    ]


def limits(context: Context, knowledge: list[Part]) -> list[Part]:
    """What the edition cannot say, from the records themselves."""
    accounts = [item for one in knowledge for side in one["accounts"].values() for item in side]
    checked = sum(item["state"] == "confirmed" for item in accounts)
    disputed = sum(item["state"] == "disputed" for item in accounts)
    items = [
        _shared_items(
            knowledge,
            "read_in_full",
            "Read only in part or in a summary, not in the paper itself",
            wanted=False,
        ),
        _shared_items(
            knowledge,
            "not_verified",
            "Figures that nobody checked in the study itself, so none of them is used here",
            wanted=True,
        ),
    ]
    hidden = sum(1 for one in knowledge for entry in entries(one) if entry.get("shared") is False)
    parts: list[Part] = [
        {"kind": "recruitment", "sources": interviews_of(context), "number": len(interviews_of(context))},
        say(
            f"Of {number(len(accounts), 'reading')} of what people and documents say, {checked} were confirmed by the people "
            f"themselves and {disputed} disputed; the others are provisional: nobody has asked yet."
            if accounts
            else "No reading of an interview or a document stands behind it."
        ),
        say("Who holds a view says nothing of how common it is, and is no test of it."),
        *[item for item in items if item],
    ]
    if hidden:
        parts.append(
            say(
                f"{number(hidden, 'item is', 'items are')} not shared with these readers. Each is counted on its side, for and against alike."
            )
        )
    parts.append(
        say("Words are quoted only where consent allows it; the rest is counted on its side, never left out.")
    )
    return parts


def _shared_items(knowledge: list[Part], field: str, lead: str, *, wanted: bool) -> Part | None:
    found: dict[int, Part] = {}
    for one in knowledge:
        for item in (*one["tests"]["for"], *one["tests"]["against"], *one["tests"]["no_effect"]):
            if item["shared"] and item[field] is wanted:
                found[item["study"]] = ref("study", item["study"], item["short"])
    if not found:
        return None
    return say(f"{lead}: {number(len(found), 'study', 'studies')}.", *found.values())


def made(context: Context, content: dict[str, Any], knowledge: list[Part]) -> dict[str, Any]:
    """When, by which rules, from how much, and what changed since the edition before."""
    used = {entry["claim"]: entry for entry in entries(content) if entry.get("claim")}
    sources = Source.objects.filter(passages__claims__in=list(used)).distinct()
    interviews = sources.filter(kind__in=INTERVIEWS).count()
    studies = {item["study"] for one in knowledge for side in one["tests"].values() for item in side}
    before = list(
        Edition.objects.filter(briefing=context.briefing, number__lt=context.number)
        .exclude(state=Edition.State.DRAFT)
        .order_by("number")
    )
    return {
        "on": context.today.isoformat(),
        "rules": RULES.version,
        "scope": context.scope,
        "software": __version__,
        "counts": {
            "steps": len(knowledge),
            "studies": len(studies),
            "readings": len(used),
            "interviews": interviews,
            "documents": sources.count() - interviews,
            "interviews_in_all": len(interviews_of(context)),
        },
        "before": [
            {"number": one.number, "on": f"{one.published_at:%Y-%m-%d}", "fingerprint": one.fingerprint}
            for one in before
        ],
        "changes": _changes(before[-1].content, knowledge) if before else [],
    }


def _changes(earlier: dict[str, Any], knowledge: list[Part]) -> list[Part]:
    """Steps whose word is another one now, and steps that came or went."""
    then = {one["id"]: one for one in assumptions_of(earlier)}
    now = {one["id"]: one for one in knowledge}
    found = []
    for key, one in now.items():
        word = _label(one)
        if key not in then:
            found.append(say(f"New step: {one['text']} ({word})."))
        elif _label(then[key]) != word:
            found.append(say(f"{one['text']}: was {_label(then[key])}, is {word}."))
    found += [say(f"No longer a step: {one['text']}.") for key, one in then.items() if key not in now]
    return found


def _label(one: Part) -> str:
    standing = one["standing"]
    return f"{standing['word']} ({standing['leaning']})" if standing["leaning"] else str(standing["word"])
