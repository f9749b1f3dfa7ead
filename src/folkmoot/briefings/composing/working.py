"""How it is supposed to work: each chain step by step, with what is known of each step beside it."""

from __future__ import annotations

from typing import Any

from folkmoot.briefings.composing.context import Context
from folkmoot.briefings.composing.parts import Part, bullets, number, ref, say
from folkmoot.briefings.contrary import around_key
from folkmoot.briefings.subject import Chain
from folkmoot.core.standing import Reading, weakest
from folkmoot.evidence.models import Study
from folkmoot.evidence.queries import gather
from folkmoot.evidence.queries.chains import Around, around_chain, factors_in_order

READ = {one.value: one.value.replace("_", " ") for one in Reading} | {
    Reading.NO_EFFECT.value: "no effect found"
}
NO_SINGLE_STEP = "Evidence that fits no single step"


def chains(context: Context, knowledge: list[Part]) -> list[Part]:
    """For an objective its chains; for a theme one table of the steps that people spoke of."""
    known = {one["id"]: one for one in knowledge}
    if context.briefing.theme is not None:
        return [_table("Steps that readings under this theme speak of", known, list(known), {})]
    parts: list[Part] = []
    for chain in context.subject.chains:
        parts += _chain(context, chain, known)
    return parts


def _chain(context: Context, chain: Chain, known: dict[int, Part]) -> list[Part]:
    mechanism, version = chain.mechanism, chain.version
    judged = {
        str(seen.assumption.pk): seen.shown.judged.judgement
        for seen in context.seen
        if any(step.assumption_id == seen.assumption.pk for step in chain.steps)
    }
    origin = ref("mechanism", mechanism.pk, "the chain")
    weak = weakest(judged)
    own_words = {step.assumption_id: step.own_words for step in chain.steps if step.own_words}
    parts: list[Part] = [
        {"kind": "heading", "text": mechanism.name},
        say(
            f"{mechanism.summary or 'A chain of ' + number(len(chain.steps), 'step') + '.'} "
            f"This is version {version.number} of the chain, of {version.created_at:%-d %B %Y}.",
            origin,
        ),
        say(f"A chain holds no better than its weakest link. {weak.sentence}", origin),
        _table(
            f"Steps of “{mechanism.name}”",
            known,
            [step.assumption_id for step in chain.steps],
            own_words,
            weak={int(key) for key in weak.assumptions},
        ),
    ]
    if version.context:
        parts.append(say(f"Where it should work: {version.context}", origin))
    parts.append(bullets(NO_SINGLE_STEP, _around(context, chain), nothing="None is recorded."))
    parts.append(
        bullets(
            "How it may backfire",
            [say(one.wording, origin) for one in version.backfires.all()],
            nothing="Nobody has said how it may go wrong.",
        )
    )
    return parts


def _table(
    caption: str,
    known: dict[int, Part],
    order: list[int],
    own_words: dict[int, str],
    *,
    weak: set[int] | None = None,
) -> Part:
    rows: list[dict[str, Any]] = []
    for place, key in enumerate(order, start=1):
        entry = known[key]
        rows.append(
            {
                "step": place,
                "assumption": key,
                "text": entry["text"],
                "own_words": own_words.get(key, ""),
                "standing": entry["standing"],
                "weakest": key in (weak or set()),
            }
        )
    return {"kind": "steps", "caption": caption, "rows": rows}


def _around(context: Context, chain: Chain) -> list[Part]:
    steps = list(chain.steps)
    factors = factors_in_order(steps)
    wanted = [step.assumption_id for step in steps]
    shelf = gather(wanted, viewer=context.keeper, scope="ours")
    shown = set(gather(wanted, viewer=context.readers, scope=context.scope).studies)
    parts = []
    for one in around_chain(shelf, steps, factors):
        for study, reading in zip(one.studies, one.readings, strict=True):
            against = one.without_mechanism or reading != Reading.FOR.value
            key = around_key(chain.mechanism.pk, one.start.pk, one.end.pk, study.pk, reading)
            parts.append(_beside(one, study, reading, shared=study.pk in shown, key=key if against else ""))
    return parts


def _beside(one: Around, study: Study, reading: str, *, shared: bool, key: str) -> Part:
    if one.without_mechanism:
        what = f"Outcome without the mechanism: “{one.end}” moved and “{one.start}” did not"
    else:
        what = f"Only the two ends were measured, “{one.start}” and “{one.end}”; it read: {READ[reading]}"
    if not shared:
        return say(
            f"{what}; a study that is not shared with these readers. It counts for no link.", contrary=key
        )
    state = "superseded" if study.retracted_at else "provisional"
    return say(
        f"{what} ({study.short}). It counts for no link.",
        ref("study", study.pk, study.short),
        state=state,
        contrary=key,
    )
