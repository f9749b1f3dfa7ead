"""Claims: the register that adds up, what others may know of one, member checks, and readings that change."""

from __future__ import annotations

import html

import pytest

from folkmoot.audit.models import Event
from folkmoot.coding.actions import make_claim, revise_claim, share_claim
from folkmoot.coding.models import Claim
from folkmoot.coding.queries import claim_counts, claims_for, held_by
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.discussion.actions import add_comment, answer_member_check, ask_member_check
from folkmoot.mechanisms.actions import start_assumption
from folkmoot.sources.actions import import_sources, mark_passage, withdraw_source
from folkmoot.sources.queries import source_rows

pytestmark = pytest.mark.django_db


def text_of(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def claimed(cast, bring_in):
    """``claimed("Trust grew", stance="supports", consent="quote")`` reads a claim in a talk of that consent."""
    sources = {}

    def read(words="Trust grew", *, consent="quote", reviewed=True, by=None, **more):
        key = (consent, reviewed)
        if key not in sources:
            # each file has to differ, or it is recognised as here already
            text = f"Interviewer: {consent} {reviewed}?\n\nInterviewee: Trust grew, I think. It was mended.\n"
            sources[key] = bring_in(text, name=f"{consent}.txt", consent=consent, reviewed=reviewed, names=[])
        source = sources[key]
        start = source.body.text.index(words)
        passage = mark_passage(source, start=start, end=start + len(words), by=cast.dina)
        given = {"cause": "Visits", "effect": "Trust", "stance": "supports"} | more
        return make_claim(passage, by=by or cast.dina, **given)

    return read


def test_the_words_lead_to_what_was_read_in_them_by_those_who_may_see_it(cast, claimed, as_):
    claim, against = claimed(), claimed(stance="challenges", cause="Patrols")
    page = f"/passages/{claim.passage_id}/"
    assert claim.passage_id == against.passage_id
    shown = text_of(as_(cast.dina).get(page))
    assert f'href="/claims/{claim.pk}/">Visits → Trust</a>' in shown and "Gives an account for it" in shown
    assert f'href="/claims/{against.pk}/">Patrols → Trust</a>' in shown
    share_claim(claim, visibility="network", by=cast.dina)
    others = text_of(as_(cast.ada).get(page))
    assert "Visits → Trust" in others and "Patrols → Trust" not in others
    revise_claim(claim, expected=claim.version, effect="Confidence", by=cast.dina)
    assert "Visits → Trust<" not in text_of(as_(cast.dina).get(page))


def test_outsiders_find_no_claim_and_insiders_change_it(cast, claimed, as_):
    claim = claimed()
    for name, person in cast.people.items():
        inside = name == "dina"
        assert as_(person).get(f"/claims/{claim.pk}/").status_code == (200 if inside else 404), name
        for page in ("revise", "join", "share"):
            assert as_(person).get(f"/claims/{claim.pk}/{page}/").status_code == (200 if inside else 404)
            if not inside:
                assert as_(person).post(f"/claims/{claim.pk}/{page}/", {}).status_code == 404
        assert ("Visits → Trust" in text_of(as_(person).get("/claims/"))) == inside
    share_claim(claim, visibility="network", by=cast.dina)
    assert as_(cast.ada).get(f"/claims/{claim.pk}/").status_code == 200
    for page in ("revise", "join", "share"):
        assert as_(cast.ada).post(f"/claims/{claim.pk}/{page}/", {"visibility": "public"}).status_code == 403


def test_an_insider_without_the_role_reads_claims_and_is_refused_to_write(cast, as_):
    made = import_sources(
        [("plan.md", b"# Plan\n\nVisits build trust.\n")], kind="strategy", owner=cast.police, by=cast.ada
    )
    source = made.sources.get()
    passage = mark_passage(source, start=0, end=4, by=cast.ada)
    claim = make_claim(passage, cause="Visits", effect="Trust", stance="asserts", by=cast.ada)
    assert as_(cast.fay).get(f"/claims/{claim.pk}/").status_code == 200
    assert as_(cast.fay).post(f"/claims/{claim.pk}/share/", {"visibility": "network"}).status_code == 403
    with pytest.raises(NotAllowed):
        make_claim(passage, cause="a", effect="b", stance="asserts", by=cast.fay)


def test_shared_words_go_as_far_as_consent_and_no_further(cast, claimed, as_):
    """Quoted: words. Paraphrase: the coder's sentence. Counted: that there is a claim, and its stance."""
    for consent, reviewed in (("quote", True), ("quote", False), ("paraphrase", True), ("count", True)):
        claim = claimed(consent=consent, reviewed=reviewed, stance="challenges", note="A secret note")
        share_claim(claim, visibility="network", by=cast.dina)
        page = text_of(as_(cast.ada).get(f"/claims/{claim.pk}/"))
        assert ("Trust grew" in page) == (consent == "quote" and reviewed), consent
        assert ("Visits" in page) == (consent != "count"), consent
        assert "Gives an account against it" in page
        for secret in ("A secret note", "Dina", "Interviewee 1", f"{consent}.txt"):
            assert secret not in page, (consent, secret)
    register = text_of(as_(cast.ada).get("/claims/"))
    assert "4 claims" in register and "counted only" in register
    assert register.count("Trust grew") == 1


def test_counts_add_up_whatever_may_be_shown(cast, claimed, as_):
    for consent, reviewed, stance in (
        ("quote", True, "supports"),
        ("quote", False, "challenges"),
        ("paraphrase", True, "challenges"),
        ("count", True, "qualifies"),
    ):
        share_claim(
            claimed(consent=consent, reviewed=reviewed, stance=stance), visibility="network", by=cast.dina
        )
    withdrawn = claimed("It was mended", consent="quote", reviewed=False, stance="asserts")
    share_claim(withdrawn, visibility="network", by=cast.dina)
    withdraw_source(withdrawn.passage.source, reason="", by=cast.dina)
    for viewer in (cast.dina, cast.ada):
        counts = claim_counts(claims_for(viewer, filters={}))
        assert counts.total == 5
        assert sum(number for *_, number in counts.stances) == 5
        assert dict(counts.statuses) == {
            "may be quoted": 1,
            "paraphrase only": 1,
            "counted only": 1,
            "withdrawn": 2,
        }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"A", "B", "C"}),
        ("stance=challenges", {"B"}),
        ("modality=observed", {"C"}),
        ("role=resident", {"A"}),
        ("joined=none", {"B", "C"}),
        ("joined=some", {"A"}),
        ("state=disputed", {"C"}),
        ("state=superseded", set()),
        ("whose=others", set()),
        ("stance=nonsense", {"A", "B", "C"}),
    ],
)
def test_the_register_filters(cast, claimed, as_, query, expected):
    assumption = start_assumption("A", effect="Z", owner=cast.team, by=cast.dina)
    claimed(cause="A", effect="Z", claimant_role="resident", assumption=assumption)
    claimed(cause="B", effect="Z", stance="challenges")
    third = claimed(cause="C", effect="Z", modality="observed")
    Claim.objects.filter(pk=third.pk).update(state="disputed")
    page = text_of(as_(cast.dina).get(f"/claims/?{query}"))
    assert {name for name in "ABC" if f">{name} → Z</a>" in page} == expected


def test_a_filter_by_post_tells_nothing_that_the_table_leaves_out(cast, as_):
    """A post joined with an organisation points at a person, so others cannot ask for it either."""
    made = import_sources(
        [("plan.md", b"# Plan\n\nVisits build trust.\n")], kind="strategy", owner=cast.police, by=cast.ada
    )
    passage = mark_passage(made.sources.get(), start=0, end=4, by=cast.ada)
    claim = make_claim(
        passage,
        cause="Visits",
        effect="Trust",
        stance="asserts",
        claimant_role="chief",
        visibility="network",
        by=cast.ada,
    )
    assert claims_for(cast.eli, filters={}).count() == 1
    assert claims_for(cast.eli, filters={"role": "chief"}).count() == 0
    assert claims_for(cast.ada, filters={"role": "chief"}).count() == 1
    assert "hief officer" not in text_of(as_(cast.eli).get(f"/claims/{claim.pk}/"))


@pytest.mark.parametrize(
    ("answer", "state"), [("fair", "confirmed"), ("partly", "disputed"), ("unfair", "disputed")]
)
def test_a_member_check_changes_the_state_of_a_claim(cast, claimed, as_, answer, state):
    claim = claimed(assumption=start_assumption("A", effect="Z", owner=cast.team, by=cast.dina))
    _, secret = ask_member_check(
        claim, question="Is this fair?", asked_of="Interviewee 1", team=cast.team, by=cast.dina
    )
    as_(None).post(f"/check/{secret}/", {"answer": answer, "words": "Not trust, only habit."})
    claim.refresh_from_db()
    assert claim.state == state
    event = Event.objects.get(action="changed the state of a claim")
    assert event.actor_label == "Interviewee 1" and event.detail["state"] == state
    page = text_of(as_(cast.dina).get(f"/claims/{claim.pk}/"))
    assert ("not what was meant" in page) == (state == "disputed")
    held = held_by([claim.assumption_id], viewer=cast.dina)[claim.assumption_id]
    assert (held.disputed, held.interviews_supporting) == ((1, 0) if state == "disputed" else (0, 1))


def test_in_a_group_one_fair_does_not_outvote_a_dispute(cast, claimed):
    claim = claimed()
    for who, answer in (("Interviewee 1", "unfair"), ("Interviewee 2", "fair")):
        check, _ = ask_member_check(claim, question="Fair?", asked_of=who, team=cast.team, by=cast.dina)
        answer_member_check(check, answer=answer, words="So.", may_be_shown=False, by=cast.dina)
        claim.refresh_from_db()
        assert claim.state == "disputed"
    check, _ = ask_member_check(
        claim, question="Now?", asked_of="Interviewee 1", team=cast.team, by=cast.dina
    )
    answer_member_check(check, answer="fair", words="", may_be_shown=False, by=cast.dina)
    claim.refresh_from_db()
    assert claim.state == "confirmed"


def test_reading_again_supersedes_and_keeps_the_earlier_reading(cast, claimed, as_):
    claim = claimed()
    Claim.objects.filter(pk=claim.pk).update(state="disputed")
    client = as_(cast.dina)
    page = text_of(client.get(f"/claims/{claim.pk}/revise/"))
    assert 'value="Visits"' in page
    sent = {"cause": "Habit", "effect": "Calls", "stance": "qualifies", "modality": "said"}
    sent |= {"claimant_role": "other", "version": claim.version, "assumption": "", "note": ""}
    answer = client.post(f"/claims/{claim.pk}/revise/", sent)
    made = Claim.objects.exclude(pk=claim.pk).get()
    assert answer.url == f"/claims/{made.pk}/" and made.state == "provisional"
    claim.refresh_from_db()
    assert (claim.state, claim.superseded_by) == ("superseded", made)
    assert "Visits → Trust" in text_of(client.get(f"/claims/{made.pk}/"))
    stale = client.post(f"/claims/{made.pk}/revise/", sent | {"version": 7})
    assert stale.status_code == 412 and "Habit" in text_of(stale)
    with pytest.raises(NotYet):
        revise_claim(claim, expected=claim.version, cause="x", by=cast.dina)
    assert Claim.objects.count() == 2


def test_a_claim_is_joined_later_to_an_assumption_or_begins_one(cast, claimed, as_):
    claim = claimed()
    client = as_(cast.dina)
    sent = {"assumption": "new", "version": claim.version}
    assert client.post(f"/claims/{claim.pk}/join/", sent).status_code == 302
    claim.refresh_from_db()
    assert str(claim.assumption) == "Visits → Trust" and claim.assumption.team == cast.team
    stale = client.post(f"/claims/{claim.pk}/join/", {"assumption": "", "version": 1})
    assert stale.status_code == 412
    assert (
        client.post(f"/claims/{claim.pk}/join/", {"assumption": "", "version": claim.version}).status_code
        == 302
    )
    claim.refresh_from_db()
    assert claim.assumption is None


def test_sharing_takes_only_what_fits_the_owner(cast, claimed):
    claim = claimed()
    with pytest.raises(FolkmootError):
        share_claim(claim, visibility="own", by=cast.dina)
    share_claim(claim, visibility="network", by=cast.dina)
    assert Event.objects.filter(action="shared a claim").count() == 1


def test_only_a_lead_opens_words_beyond_the_team_by_sharing_a_reading(cast, claimed, as_, finn):
    """Sharing a reading opens its words, so it takes the right that sharing the interview takes."""
    claim = claimed()
    client = as_(finn)
    sent = {"visibility": "network", "version": claim.version}
    assert client.post(f"/claims/{claim.pk}/share/", sent).status_code == 403
    for visibility in ("network", "public"):
        with pytest.raises(NotAllowed, match="lead researcher"):
            share_claim(claim, visibility=visibility, by=finn)
    assert Claim.objects.get().visibility == "team"
    share_claim(claim, visibility="network", by=cast.dina)
    again = revise_claim(claim, expected=claim.version, cause="Habit", by=finn)
    assert again.visibility == "network"
    # taking it back takes no lead
    assert share_claim(again, visibility="team", by=finn).visibility == "team"


def test_sharing_over_somebody_elses_change_is_refused_and_says_who(cast, claimed, as_):
    claim = claimed()
    before = claim.version
    share_claim(claim, visibility="network", expected=before, by=cast.dina)
    with pytest.raises(Stale):
        share_claim(claim, visibility="public", expected=before, by=cast.dina)
    stale = as_(cast.dina).post(f"/claims/{claim.pk}/share/", {"visibility": "public", "version": before})
    assert stale.status_code == 412 and "Dina" in text_of(stale)
    claim.refresh_from_db()
    assert claim.visibility == "network"
    sent = {"visibility": "public", "version": claim.version}
    assert f'name="version" value="{claim.version}"' in text_of(
        as_(cast.dina).get(f"/claims/{claim.pk}/share/")
    )
    assert as_(cast.dina).post(f"/claims/{claim.pk}/share/", sent).status_code == 302


def test_comments_on_a_counted_claim_never_carry_its_sentence(cast, claimed, as_):
    claim = claimed(consent="count")
    share_claim(claim, visibility="network", by=cast.dina)
    add_comment(claim, text="Which street was it?", by=cast.ada)
    assert "Visits" not in text_of(as_(cast.eli).get("/discussion/"))


def test_sources_know_what_was_read_in_them(cast, claimed):
    claim = claimed()
    row = source_rows([claim.passage.source], viewer=cast.dina)[0]
    assert row.readings == 1 and not row.unread


def test_the_register_takes_few_queries_whatever_its_length(
    cast, claimed, as_, django_assert_max_num_queries
):
    assumption = start_assumption("A", effect="Z", owner=cast.team, by=cast.dina)
    for number in range(40):
        claimed(cause=f"Cause {number}", assumption=assumption)
    client = as_(cast.dina)
    with django_assert_max_num_queries(20):
        page = client.get("/claims/")
    assert text_of(page).count("→ Trust</a>") == 40


@pytest.mark.parametrize("visibility", ["network", "public"])
def test_a_reading_goes_beyond_its_team_only_by_whoever_may_share_the_source(cast, claimed, finn, visibility):
    claim = claimed()
    words = {"cause": "a", "effect": "b", "stance": "asserts"}
    with pytest.raises(NotAllowed, match="lead researcher"):
        make_claim(claim.passage, **words, visibility=visibility, by=finn)
    with pytest.raises(NotAllowed, match="lead researcher"):
        revise_claim(claim, expected=claim.version, visibility=visibility, effect="Calm", by=finn)
    claim.refresh_from_db()
    assert (Claim.objects.count(), claim.state, claim.version) == (1, "provisional", 1)
    # what is not shared anybody of the team reads, and reads again
    again = revise_claim(claim, expected=claim.version, effect="Calm", by=finn)
    assert (again.visibility, again.effect, again.coder) == ("team", "Calm", finn)
    assert make_claim(claim.passage, **words, visibility=visibility, by=cast.dina).visibility == visibility


def test_reading_a_shared_claim_again_keeps_its_reach_and_widens_it_for_nobody(cast, claimed, finn):
    claim = share_claim(claimed(), visibility="network", by=cast.dina)
    again = revise_claim(claim, expected=claim.version, effect="Calm", by=finn)
    assert again.visibility == "network"
    with pytest.raises(NotAllowed, match="lead researcher"):
        revise_claim(again, expected=again.version, visibility="public", by=finn)
    assert revise_claim(again, expected=again.version, visibility="team", by=finn).visibility == "team"


def test_a_reach_that_is_not_its_owners_is_refused_with_a_sentence(cast, claimed):
    with pytest.raises(FolkmootError, match="from the list"):
        make_claim(claimed().passage, cause="a", effect="b", stance="asserts", visibility="own", by=cast.dina)
