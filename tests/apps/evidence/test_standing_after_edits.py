"""After a thousand random edits the standing shown is the one that the rules give, worked out again."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest
from django.urls import reverse

from folkmoot.coding import actions as coding
from folkmoot.coding.models import Claim
from folkmoot.core.errors import FolkmootError
from folkmoot.core.standing import Word
from folkmoot.evidence import actions
from folkmoot.evidence.models import HoopClue, Mark, Study
from folkmoot.evidence.queries import standings
from folkmoot.sources.actions import import_sources, mark_passage, withdraw_source
from folkmoot.sources.models import Source

from .naive import Rows, naive

EDITS = 1000
CALM = 120
TALK = "Interviewer: Well?\n\nInterviewee: They came to the door, number {}. It helped, I think.\n"


class Editor:
    """Makes one random change after another, by whoever may."""

    def __init__(self, cast, chain, study, seed):
        self.cast, self.chain, self.record = cast, chain, study
        self.random = random.Random(seed)
        self.count = self.edits = 0
        self.passages = [self.passage(number) for number in range(6)]
        for _ in range(8):
            self.new_study()

    def passage(self, number):
        name = f"talk{number}.txt"
        imported = import_sources(
            [(name, TALK.format(number).encode())], kind="transcript", owner=self.cast.team, by=self.cast.dina
        )
        return mark_passage(imported.sources.get(), start=0, end=12, by=self.cast.dina)

    def new_study(self):
        self.count += 1
        own = self.random.random() < 0.3
        kind = self.random.choice(["trial", "trial", "quasi", "survey", "review"])
        low = self.random.randint(3 if self.calm else 0, 5)
        return self.record(
            f"Author{self.count:03}, A.",
            owner=self.cast.police if own else None,
            by=self.cast.ada if own else self.cast.dina,
            kind=kind,
            level_low=low,
            level_high=self.random.randint(low, 5),
            inclusion_level=self.random.choice([None, 2, 3, 4]) if kind == "review" else None,
            evaluators=self.random.choice(["", "north", "south", "east"]),
            sample=self.random.choice(["", "", "", "riverside", "harbour"]),
            association=self.random.random() < 0.1,
            country=self.random.choice(["England and Wales", "England and Wales", "Norway"]),
            read_where=self.random.choice(["full", "full", "abstract"]),
            differs=self.random.choice([[], ["unit"], ["unit", "dose"]]),
        )

    @property
    def calm(self):
        return self.edits < CALM

    def some(self, found):
        rows = list(found)
        return self.random.choice(rows) if rows else None

    def by(self, row):
        return self.cast.ada if row.organisation_id else self.cast.dina

    def owner(self):
        return self.random.choice(
            [
                (self.cast.police, "own", self.cast.ada),
                (None, "network", self.cast.dina),
                (self.cast.police, "public", self.cast.ada),
            ]
        )

    def forced(self):
        """Edits that pass every word by construction: each makes one, then says which assumption has which word."""
        heard, tested, refuted = self.chain.assumptions
        yield heard, "none"
        coding.make_claim(
            self.passages[0],
            cause="a visit",
            effect="trust",
            stance="asserts",
            assumption=heard,
            visibility="network",
            by=self.cast.dina,
        )
        yield heard, "anecdotal"
        for assumption, sign, word in (
            (tested, "up", "thin"),
            (tested, "up", "supported"),
            (tested, "down", "contested"),
            (refuted, "down", "thin"),
            (refuted, "down", "challenged"),
        ):
            self.count += 1
            study = self.record(f"Author{self.count:03}, A.")
            for factor, how in ((assumption.cause, "up"), (assumption.effect, sign)):
                actions.mark_factor(
                    study, factor=factor, sign=how, horizon="400", horizon_days=400, by=self.cast.dina
                )
            yield assumption, word

    def edit(self):
        self.edits += 1
        name = self.random.choices(
            ["mark", "unmark", "appraise", "new_study", "chance", "revise", "conflict", "resolve", "pool", "retract",
             "claim", "claim_state", "revise_claim", "hoop", "judge", "withdraw"],
            [40, 5, 14, 1.5, 6, 6, 3, 3, 4, 0.8, 6, 4, 2, 2, 5, 0.3],
        )[0]  # fmt: skip
        if self.edits <= 6:
            name = "claim"  # people speak first, before anybody tests
        getattr(self, name)()
        return name

    def mark(self):
        study = self.some(Study.objects.order_by("id"))
        assumption = self.some(self.chain.assumptions)
        # a calm beginning, in which everything moves as expected: else no walk passes "supported"
        calm = self.calm
        for factor in (assumption.cause, assumption.effect):
            days = 400 if calm else self.random.choice([None, 0, 3, 21, 400])
            actions.mark_factor(
                study,
                factor=factor,
                sign="up" if calm else self.random.choice(["up", "up", "up", *Mark.Sign.values]),
                horizon=str(days),
                horizon_days=days,
                population="" if calm else self.random.choice(["", "", "", "women"]),
                outcome="" if calm else self.random.choice(["", "", "trust"]),
                association=self.random.random() < 0.05,
                direct=self.random.random() < 0.95,
                in_conflict=not calm and self.random.random() < 0.03,
                by=self.by(study),
            )

    def unmark(self):
        mark = self.some(Mark.objects.order_by("id"))
        if mark:
            actions.remove_mark(mark, by=self.by(mark.study))

    def appraise(self):
        owner, visibility, by = self.owner()
        study = self.some(Study.objects.visible_to(by).order_by("id"))
        actions.appraise(
            study,
            assumption=self.some(self.chain.assumptions),
            level=study.level_high if self.calm else self.random.randint(0, study.level_high),
            same_country=self.random.random() < 0.7,
            differs=self.random.sample(actions.DIFFERENCES, self.random.choice([0, 1, 2])),
            read_in_full=self.calm or self.random.random() < 0.8,
            appraiser_is_evaluator=self.random.random() < 0.15,
            why="looked at it",
            owner=owner,
            visibility=visibility,
            by=by,
        )

    def chance(self):
        study = self.some(Study.objects.order_by("id"))
        number = 0 if self.calm else self.random.choice([0, 1, 1, 1, 2])
        actions.set_randomised(
            study, factors=self.random.sample(self.chain.factors, number), by=self.by(study)
        )

    def revise(self):
        study = self.some(Study.objects.order_by("id"))
        low = self.random.randint(0, 5)
        actions.revise_study(
            study,
            expected=study.version,
            by=self.by(study),
            **self.random.choice(
                [
                    {"level_low": low, "level_high": self.random.randint(low, 5)},
                    {"association": not study.association},
                    {"sample": self.random.choice(["riverside", "harbour", f"study {study.pk}"])},
                    {"evaluators": self.random.choice(["", "north", "south"])},
                    {"read_where": self.random.choice(["full", "abstract"])},
                    {"inclusion_level": self.random.choice([None, 3, 5])},
                ]
            ),
        )

    def conflict(self):
        study = self.some(Study.objects.filter(conflict="").order_by("id"))
        if study:
            marks = [one for one in study.marks.all() if self.random.random() < 0.5]
            actions.note_conflict(
                study, conflict="two reports", marks=marks, expected=study.version, by=self.by(study)
            )

    def resolve(self):
        study = self.some(Study.objects.exclude(conflict="").order_by("id"))
        if study:
            actions.resolve_conflict(
                study, resolution="the second", expected=study.version, by=self.by(study)
            )

    def pool(self):
        review = self.some(Study.objects.filter(kind="review").order_by("id"))
        if review:
            by = self.by(review)
            others = list(Study.objects.visible_to(by).exclude(kind="review").order_by("id"))
            actions.set_pools(review, pooled=self.random.sample(others, min(2, len(others))), by=by)

    def retract(self):
        study = self.some(Study.objects.filter(retracted_at=None).order_by("id"))
        actions.retract_study(
            study, on=date(2026, 1, 1), note="so", expected=study.version, by=self.by(study)
        )
        self.new_study()

    def claim(self):
        passage = self.some(self.passages)
        if passage.source.state != Source.State.LIVE:
            return
        coding.make_claim(
            passage,
            cause="a visit",
            effect="trust",
            stance=self.random.choice(Claim.Stance.values),
            assumption=self.some(self.chain.assumptions),
            visibility=self.random.choice(["team", "network"]),
            by=self.cast.dina,
        )

    def claim_state(self):
        claim = self.some(Claim.objects.exclude(state="superseded").order_by("id"))
        if claim:
            state = self.random.choice(["disputed", "confirmed"])
            coding.set_claim_state(claim, state=state, why="asked", by=self.cast.dina)

    def revise_claim(self):
        claim = self.some(
            Claim.objects.exclude(state="superseded").filter(passage__source__state="live").order_by("id")
        )
        if claim:
            coding.revise_claim(
                claim, expected=claim.version, assumption=self.some(self.chain.assumptions), by=self.cast.dina
            )

    def hoop(self):
        owner, visibility, by = self.owner()
        actions.register_hoop(
            self.some(self.chain.assumptions),
            clue="a letter",
            where_to_look="the post",
            owner=owner,
            visibility=visibility,
            by=by,
        )

    def judge(self):
        coder = self.some([self.cast.ada, self.cast.fay, self.cast.ben])
        clue = self.some(HoopClue.objects.exclude(verdicts__coder=coder).order_by("id"))
        if clue:
            verdict = self.random.choice(["not found", "not found", "found"])
            actions.judge_hoop(clue, verdict=verdict, why="looked", by=coder)

    def withdraw(self):
        passage = self.some([one for one in self.passages if one.source.state == Source.State.LIVE])
        if passage and sum(one.source.state == Source.State.LIVE for one in self.passages) > 3:
            withdraw_source(passage.source, reason="asked to", by=self.cast.dina)
            passage.source.refresh_from_db()


def shown_on_page(client, assumption, scope):
    page = client.get(reverse("assumption", args=[assumption.pk]), {"scope": scope}).content.decode()
    part = re.search(r'<p class="fm-verdict__word">(.*?)</p>', page, re.S).group(1)
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


class Comparison:
    """What the product says beside what the rows say, for one person in one scope."""

    def __init__(self, cast, chain):
        self.cast, self.chain = cast, chain
        self.met = set()
        self.places = {
            "ada": {"organisations": {cast.police.pk}, "teams": set()},
            "dina": {"organisations": set(), "teams": {cast.team.pk}},
        }

    def of(self, rows, who, scope, where):
        """The standings by the queries that every page and file uses; each equals the recomputation."""
        ids = [one.pk for one in self.chain.assumptions]
        judged = standings(ids, viewer=self.cast.people[who], scope=scope)
        for one in self.chain.assumptions:
            got = judged[one.pk]
            found = (got.word, got.leaning, got.for_count, got.against_count, got.no_effect_count)
            assert found == naive(rows, one, **self.places[who], scope=scope), (*where, scope, who, one.code)
            self.met.add(got.word)
        return judged

    def on_page(self, client, judged, one, scope):
        """The page says what the query says."""
        got = judged[one.pk]
        word = f"{got.word}, {got.leaning}" if got.leaning else got.word
        text = shown_on_page(client, one, scope)
        assert text.startswith(
            f"{word} Tests that count: {got.for_count} for, {got.against_count} against"
        ), text


@pytest.mark.django_db
@pytest.mark.timeout(900)  # half a minute by itself; other work on the machine takes its share
def test_the_standing_shown_equals_a_recomputation_after_a_thousand_random_edits(cast, chain, study, as_):
    editor = Editor(cast, chain, study, seed=20261123)
    comparison = Comparison(cast, chain)
    for assumption, word in editor.forced():
        for scope in ("network", "ours"):
            judged = comparison.of(Rows(), "ada", scope, ("forced", word))
            assert judged[assumption.pk].word == word
            comparison.on_page(as_(cast.ada), judged, assumption, scope)
    # all the words there are, and not by luck
    assert comparison.met == {word.value for word in Word}
    made, refused, page = {}, 0, 0
    for number in range(EDITS):
        try:
            name = editor.edit()
        except FolkmootError:
            # the two marks of one pair may be refused by a rule; what was saved before stays
            refused += 1
            name = "refused"
        made[name] = made.get(name, 0) + 1
        rows, who = Rows(), "dina" if number % 5 == 0 else "ada"
        # a standing depends on the rows alone, not on how they came about: one scope after each edit, in turn
        scopes = ("network", "ours") if number % 10 == 0 else ("network",) if number % 2 else ("ours",)
        judged = {scope: comparison.of(rows, who, scope, (number, name)) for scope in scopes}
        if number % 20 == 0:
            # a page takes many times longer than its query: one now and then, each in its turn in each scope
            one, scope = chain.assumptions[page % 3], ("network", "ours")[page // 3 % 2]
            comparison.on_page(as_(cast.people[who]), judged[scope], one, scope)
            page += 1
    for who in comparison.places:
        for scope in ("network", "ours"):
            judged = comparison.of(Rows(), who, scope, ("at the end",))
            for one in chain.assumptions:
                comparison.on_page(as_(cast.people[who]), judged, one, scope)
    assert refused < EDITS / 20 and len(made) >= 15
