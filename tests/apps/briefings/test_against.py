"""No briefing omits what is recorded against it: “against in the edition = against in scope”."""

from __future__ import annotations

import random

import pytest

from folkmoot.audit.models import Event
from folkmoot.briefings import actions
from folkmoot.briefings.contrary import contrary_in_scope
from folkmoot.briefings.frozen import assumptions_of, contrary_of
from folkmoot.briefings.models import Edition
from folkmoot.briefings.rendering.blocks import Paragraph, Quote, Sides
from folkmoot.briefings.rendering.laid import lay_out, lay_out_against
from folkmoot.coding.models import Claim
from folkmoot.core.errors import NotYet
from folkmoot.evidence.models import Study
from folkmoot.strategies import actions as strategies


def _against_in_content(edition: Edition) -> set[tuple[str, int]]:
    """What stands on the side against, counted by hand from the content alone."""
    found = set()
    for one in assumptions_of(edition.content):
        found |= {
            ("study", item["study"]) for side in ("against", "no_effect") for item in one["tests"][side]
        }
        found |= {
            ("claim", item["claim"]) for side in ("against", "disputed") for item in one["accounts"][side]
        }
    return found


def test_against_in_the_edition_is_against_in_scope_whatever_was_recorded(
    world, cast, talk, shut, words, claim_in, tested, briefing
):
    """Random evidence, round after round, for readers of every reach; what is expected is counted apart."""
    chance = random.Random(20261123)
    library = set(Study.objects.values_list("pk", flat=True))
    drafts = [actions.draft_edition(briefing(reach), by=cast.ada) for reach in ("own", "network", "public")]
    studies, claims = set(), {}
    for turn in range(7):
        owner, reach = chance.choice(
            [(None, "public"), (None, "network"), (cast.police, "own"), (cast.police, "network")]
        )
        sign = chance.choice(["up", "down", "not_found", "same"])
        study = tested(
            chance.choice(["P3.3", "P3.4"]),
            sign,
            owner=owner,
            visibility=reach,
            authors=f"Author {turn} and Other",
        )
        if sign != "up":
            studies.add(("study", study.pk))
        source, said = chance.choice([(talk, words.lean), (talk, words.against), (shut, words.shut)])
        claim = claim_in(
            source,
            said,
            stance=chance.choice(["supports", "challenges", "asserts"]),
            visibility=chance.choice(["team", "network", "public"]),
        )
        claims[claim.pk] = claim
        changed = chance.choice(list(claims.values()))
        changed.state = chance.choice(Claim.State.values)
        changed.save()
        # a team's private readings are not Northmere's to see, and a superseded one stands no more
        expected = studies | {
            ("claim", one.pk)
            for one in claims.values()
            if one.visibility != "team"
            and one.state != "superseded"
            and (one.stance == "challenges" or one.state == "disputed")
        }
        for draft in drafts:
            made = actions.compose_again(draft, expected=draft.version, by=cast.ada)
            found = {
                (kind, pk) for kind, pk in _against_in_content(made) if kind == "claim" or pk not in library
            }
            assert found == expected
            assert contrary_of(made.content) == contrary_in_scope(made.briefing)
    for draft in drafts:
        assert actions.publish_edition(draft, expected=draft.version, by=cast.ada).state == "published"


def test_what_was_recorded_against_since_the_draft_has_to_be_in_it_before_it_is_published(
    briefing, both_sides, tested, cast
):
    draft = actions.draft_edition(briefing(), by=cast.ada)
    tested()
    with pytest.raises(NotYet, match="1 recorded item speaks against it and would be missing"):
        actions.publish_edition(draft, expected=draft.version, by=cast.ada)
    draft.refresh_from_db()
    assert draft.state == "draft"
    again = actions.compose_again(draft, expected=draft.version, by=cast.ada)
    assert actions.publish_edition(again, expected=again.version, by=cast.ada).state == "published"


def test_a_statement_cut_out_of_the_content_cannot_be_published(briefing, both_sides, cast):
    draft = actions.draft_edition(briefing(), by=cast.ada)
    for one in assumptions_of(draft.content):
        one["accounts"]["against"] = []
    draft.save()
    with pytest.raises(NotYet, match="2 recorded items speak against it"):
        actions.publish_edition(draft, expected=draft.version, by=cast.ada)


def test_a_challenged_dual_benefit_and_a_broken_promise_are_in_the_edition(world, briefing, cast):
    strategies.test_dual_benefit(
        world.benefit,
        status="challenged",
        why="Nobody was listened to.",
        expected=world.benefit.version,
        by=cast.ada,
    )
    promise = strategies.create_commitment(
        "Come back within a month.",
        organisation=cast.police,
        objective=world.objective,
        owner_role="the inspector",
        visibility="public",
        by=cast.ada,
    )
    strategies.settle_commitment(
        promise, state="not kept", why="No time.", expected=promise.version, by=cast.ada
    )
    draft = actions.draft_edition(briefing(), by=cast.ada)
    assert {f"benefit:{world.benefit.pk}", f"promise:{promise.pk}"} <= contrary_of(draft.content)
    texts = " ".join(block.said.text for block in lay_out_against(draft) if isinstance(block, Paragraph))
    # the benefit's text follows the objective's reach; the promise was shared
    assert "Come back within a month." in texts


def test_what_may_not_be_quoted_is_counted_and_typed(published, both_sides, words):
    sides = _sides(lay_out(published()), "told-")
    told = next(one for one in sides if one.against.count == 2)
    assert [block.text for block in told.against.blocks if isinstance(block, Quote)] == [words.against]
    counted = [block.said.text for block in told.against.blocks if isinstance(block, Paragraph)]
    assert counted == ["1 further account against; consent forbids quotation."]


def test_an_owner_cannot_hide_its_own_study_behind_the_networks_word(published, tested, cast):
    tested("P3.4", "down", owner=cast.police, visibility="own", authors="Ours")
    edition = published("public")
    laid = lay_out(edition)
    text = str(laid)
    assert "1 test against; not shared with these readers." in text
    assert "With what the owner holds and does not share here, the word would be: thin, against." in text
    assert "Ours" not in text


def test_challenge_stands_in_the_same_form_as_support(published, both_sides, tested):
    tested("P3.4", "down", authors="Down and Under")
    tested("P3.4", "up", authors="Up and Over")
    for pair in _sides(lay_out(published()), "tests-"):
        kinds = [{type(block) for block in side.blocks} for side in (pair.for_it, pair.against)]
        if all(kinds) and pair.for_it.count == pair.against.count:
            assert kinds[0] == kinds[1]


def test_nobody_elses_private_evidence_is_in_it(published, tested, claim_in, talk, words, cast):
    secret = tested("P3.4", "down", owner=cast.other, visibility="own", authors="Southholt", by=cast.eli)
    unshared = claim_in(talk, words.against, stance="challenges", visibility="team")
    edition = published("network")
    assert ("study", secret.pk) not in _against_in_content(edition)
    assert ("claim", unshared.pk) not in _against_in_content(edition)


def test_a_theme_takes_in_the_readings_that_name_no_step(cast, world, talk, shut, words, claim_in):
    from folkmoot.coding import actions as coding

    book = coding.create_codebook("Doorsteps", owner=cast.team, by=cast.dina)
    theme = coding.create_code(book, name="What a visit leaves behind", by=cast.dina)
    below = coding.create_code(book, name="Disappointment", parent=theme, by=cast.dina)
    joined = claim_in(talk, words.against, stance="challenges")
    loose = claim_in(shut, words.shut, stance="challenges", assumption=None)
    coding.code_passage(theme, passage=joined.passage, by=cast.dina)
    coding.code_passage(below, passage=loose.passage, by=cast.dina)
    begun = actions.create_briefing(
        "What a visit leaves behind", theme=theme, owner=cast.team, visibility="team", by=cast.dina
    )
    draft = actions.draft_edition(begun, by=cast.dina)
    assert {f"account:{joined.pk}", f"account:{loose.pk}"} <= contrary_of(draft.content)
    done = actions.publish_edition(draft, expected=draft.version, by=cast.dina)
    text = str(lay_out(done))
    assert words.against in text
    # within the team too an edition quotes only what may be quoted: it travels further than a page
    assert words.shut not in text and words.unused not in text
    assert talk.title not in text and shut.title not in text


def test_publishing_leaves_a_row_in_the_log_that_says_how_much_speaks_against(published, both_sides):
    edition = published()
    row = Event.objects.get(action="published an edition")
    assert row.object_id == str(edition.pk) and row.organisation_id == edition.briefing.organisation_id
    assert (
        row.detail["against"] == len(contrary_of(edition.content))
        and row.detail["fingerprint"] == edition.fingerprint
    )


def _sides(laid, start: str) -> list[Sides]:
    return [
        block
        for section in laid.sections
        for block in section.blocks
        if isinstance(block, Sides) and block.key.startswith(start)
    ]
