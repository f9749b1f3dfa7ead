"""Long work: asked for, begun once, told of, stopped, refused in words, and put back when its worker died."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.jobs import aside, registry
from folkmoot.jobs.actions import ask, cancel
from folkmoot.jobs.models import Job
from folkmoot.jobs.progress import Told
from folkmoot.jobs.queries import shown
from folkmoot.jobs.registry import Cancelled, register
from folkmoot.jobs.running import DIED, FAULT, SILENT, notice_dead, put_in_queue, run, run_waiting
from folkmoot.jobs.working import Worker, take_next
from folkmoot.organisations.models import Organisation


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(registry, "_KINDS", {})


@pytest.fixture
def on_disk(cast, tmp_path):
    """The test's database where another process finds it: SQLite's lies in this process's memory."""
    if connection.vendor != "sqlite":
        yield
        return
    here, names = connections["default"], connections.settings["default"]
    file, name = tmp_path / "jobs.sqlite3", names["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM INTO '{file}'")
    names["NAME"] = str(file)
    connections["default"] = connections.create_connection("default")
    yield
    connections["default"].close()
    names["NAME"], connections["default"] = name, here


def counting(job, progress):
    for number in range(job.arguments["to"]):
        progress(number, job.arguments["to"], "Counting")
    return {"sentence": f"Counted to {job.arguments['to']}.", "url": "/help/", "link": "How to count"}


def asked(cast, kind="count", **arguments):
    return ask(kind, title="Count", arguments=arguments or {"to": 3}, organisation=cast.police, by=cast.ada)


@pytest.mark.django_db
def test_a_job_waits_until_a_worker_takes_it_and_ends_with_a_sentence(cast):
    register("count", counting)
    job = asked(cast)
    assert job.state == Job.State.WAITING
    assert Event.objects.filter(action="job.asked", object_id=str(job.pk)).exists()
    [done] = run_waiting()
    assert (done.state, done.message, done.result) == (
        "done",
        "Counted to 3.",
        {"url": "/help/", "link": "How to count"},
    )
    assert done.attempts == 1 and done.ended_at is not None


@pytest.mark.django_db
def test_a_job_is_asked_for_together_with_what_it_is_for_or_not_at_all(cast):
    register("count", counting)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        asked(cast)
        raise ZeroDivisionError
    assert not Job.objects.exists() and not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_work_that_is_not_known_or_not_ones_own_is_refused(cast):
    with pytest.raises(FolkmootError, match="does not know"):
        asked(cast)
    register("count", counting)
    with pytest.raises(NotAllowed):
        ask("count", title="", arguments={}, organisation=cast.police, by=cast.eli)
    with pytest.raises(NotAllowed):
        ask("count", title="", arguments={}, by=cast.ada)


@pytest.mark.django_db
def test_a_refusal_is_said_in_its_own_words_and_a_fault_in_ours(cast):
    def refuse(job, progress):
        raise FolkmootError("The file is empty.")

    def fail(job, progress):
        raise KeyError("the name of somebody")

    register("refuse", refuse)
    register("fail", fail)
    asked(cast, "refuse")
    asked(cast, "fail")
    first, second = run_waiting()
    assert (first.state, first.message) == ("refused", "The file is empty.")
    assert (second.state, second.message) == ("refused", FAULT)


@pytest.mark.django_db
def test_what_waits_is_stopped_at_once_and_what_is_over_no_more(cast):
    register("count", counting)
    job = cancel(asked(cast), by=cast.ada)
    assert job.state == Job.State.CANCELLED
    assert run_waiting() == []
    with pytest.raises(NotYet):
        cancel(job, by=cast.ada)


@pytest.mark.django_db
def test_only_whoever_asked_or_edits_for_the_owner_stops_a_job(cast):
    register("count", counting)
    job = asked(cast)
    with pytest.raises(NotAllowed):
        cancel(job, by=cast.ben)
    assert cancel(job, by=cast.ira).state == Job.State.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_work_under_way_is_taken_back_whole_when_it_is_stopped(cast):
    def half(job, progress):
        with transaction.atomic():
            Organisation.objects.create(slug="half", name="Half", kind="police")
            raise Cancelled

    def told(job, progress):
        progress(1, 9, "Reading")
        cancel(job, by=job.asked_by)
        progress(2, 9, "Writing")
        Organisation.objects.create(slug="never", name="Never", kind="police")

    register("half", half)
    register("told", told)
    asked(cast, "half")
    asked(cast, "told")
    ended = run_waiting()
    assert [job.state for job in ended] == ["cancelled", "cancelled"]
    assert not Organisation.objects.filter(slug__in=["half", "never"]).exists()


@pytest.mark.django_db(transaction=True)
def test_progress_is_saved_at_most_twice_a_second(cast):
    register("count", counting)
    job = asked(cast)
    now = [0.0]
    told = Told(job.pk, clock=lambda: now[0])
    told(0, 1000, "Reading")
    saved = []
    for number in range(1, 33):
        now[0] += 0.125
        told(number)
        job.refresh_from_db()
        saved.append(job.done)
    assert job.total == 1000 and job.step == "Reading"
    assert len(set(saved) - {0}) == 8  # four seconds


@pytest.mark.django_db(transaction=True)
def test_progress_inside_a_transaction_of_the_work_is_seen_outside(cast):
    register("count", counting)
    job = asked(cast)
    Job.objects.update(state="running")
    told = Told(job.pk)
    seen = []

    def look():
        here = shown(Job.objects.get(pk=job.pk), viewer=cast.ada)
        seen.append((here.job.done, here.share, here.sentence))
        connection.close()

    try:
        with transaction.atomic():
            told(7, 10, "Writing")
            looking = threading.Thread(target=look)
            looking.start()
            looking.join()
    finally:
        told.close()
    assert seen == [(7, 70, "Writing: 7 of 10.")]


@pytest.mark.django_db(transaction=True)
def test_work_that_holds_the_database_hears_that_it_should_stop_and_takes_all_back(cast, on_disk):
    writing, pressed, ended = threading.Event(), threading.Event(), []

    def long(job, progress):
        with transaction.atomic():
            Organisation.objects.create(slug="half", name="Half", kind="police")
            writing.set()
            for number in range(600):
                progress(number, 600, f"Writing {number}")
                time.sleep(0.02)
                if number > 3 and not pressed.is_set():
                    pressed.wait(10)
        return {"sentence": "Written."}

    register("long", long)
    job = asked(cast, "long")

    def work():
        ended.append(run(job.pk))
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert writing.wait(20)
    pressed.set()
    # the request may wait for the database that the work holds; its word has arrived before
    cancel(Job.objects.get(pk=job.pk), by=cast.ada)
    worker.join(30)
    (job,) = Job.objects.all()
    assert (job.state, job.cancel_asked) == ("cancelled", True)
    assert not Organisation.objects.filter(slug="half").exists()
    assert Event.objects.filter(action="job.cancelled").count() == 1
    assert aside.told(job.pk) is None and not aside.stop_asked(job.pk)


@pytest.mark.django_db
def test_two_workers_never_do_the_same_job(cast):
    done = []
    register("count", lambda job, progress: done.append(job.pk))
    job = asked(cast)
    assert run(job.pk, apart=False) is not None
    assert run(job.pk, apart=False) is None
    assert done == [job.pk]


@pytest.mark.django_db
def test_fifty_jobs_of_fifty_are_done(cast):
    register("count", counting)
    for _ in range(50):
        asked(cast)
    while (job_id := take_next()) is not None:
        run(job_id, apart=False)
    assert Job.objects.filter(state="done").count() == 50
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_a_job_whose_worker_died_is_put_back_once_and_then_refused(cast):
    register("count", counting)
    job = asked(cast)
    long_ago = timezone.now() - SILENT - timedelta(seconds=1)
    for left in ("waiting", "refused"):
        assert take_next() == job.pk
        Job.objects.filter(pk=job.pk).update(
            state="running", alive_at=long_ago, attempts=1 if left == "waiting" else 2
        )
        assert notice_dead() == 1
        job.refresh_from_db()
        assert job.state == left
    assert job.message == DIED
    assert notice_dead() == 0


@pytest.mark.django_db
def test_a_worker_that_spoke_lately_is_not_taken_for_dead(cast):
    register("count", counting)
    job = asked(cast)
    Job.objects.filter(pk=job.pk).update(state="running", alive_at=timezone.now() - SILENT / 2)
    assert notice_dead() == 0


@pytest.mark.django_db
def test_a_job_without_its_place_in_the_queue_is_given_one(cast):
    register("count", counting)
    job = asked(cast)
    DBTaskResult.objects.all().delete()
    assert put_in_queue() == 1 and put_in_queue() == 0
    assert take_next() == job.pk


@pytest.mark.django_db
def test_nothing_is_done_for_an_account_that_is_gone(cast):
    register("count", counting)
    asked(cast)
    cast.ada.is_active = False
    cast.ada.save()
    [job] = run_waiting()
    assert job.state == "refused" and "no account" in job.message


@pytest.mark.django_db(transaction=True)
def test_a_worker_notices_the_death_of_the_process_that_did_the_job(cast, on_disk, tmp_path):
    """A real worker, a real child, kill -9 twice: put back, begun again, refused."""
    mark = tmp_path / "begun"

    def forever(job, progress):
        with mark.open("a") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(60)

    register("forever", forever)
    job = asked(cast, "forever")
    connections.close_all()
    worker = os.fork()
    if not worker:
        try:
            Worker(every=0.05).run()
        finally:
            os._exit(0)
    try:
        for begun in (1, 2):
            _until(lambda begun=begun: mark.is_file() and len(mark.read_text().split()) == begun)
            os.kill(int(mark.read_text().split()[-1]), signal.SIGKILL)
        _until(lambda: Job.objects.get(pk=job.pk).state == "refused")
    finally:
        os.kill(worker, signal.SIGTERM)
        os.waitpid(worker, 0)
    assert Job.objects.get(pk=job.pk).message == DIED


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_end_leaves_its_job_to_the_next(cast, on_disk, tmp_path):
    mark = tmp_path / "begun"

    def forever(job, progress):
        mark.write_text("begun")
        time.sleep(60)

    register("forever", forever)
    job = asked(cast, "forever")
    connections.close_all()
    worker = os.fork()
    if not worker:
        try:
            Worker(every=0.05).run()
        finally:
            os._exit(0)
    _until(mark.is_file)
    assert Job.objects.get(pk=job.pk).state == "running"
    os.kill(worker, signal.SIGTERM)
    os.waitpid(worker, 0)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("waiting", 0)
    assert DBTaskResult.objects.count() == 1


def _until(holds, seconds=20):
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


@pytest.mark.django_db
def test_the_page_shows_progress_refreshes_itself_without_a_script_and_stops_the_job(cast, as_):
    register("count", counting)
    job = asked(cast)
    Job.objects.filter(pk=job.pk).update(state="running", done=30, total=90, step="Reading rows")
    page = as_(cast.ada).get(f"/jobs/{job.pk}/").content.decode()
    assert "Reading rows: 30 of 90." in page
    assert '<noscript><meta http-equiv="refresh"' in page and 'aria-live="polite"' in page
    assert "Stop it" in page
    answer = as_(cast.ada).post(f"/jobs/{job.pk}/", follow=True)
    assert "It will stop at its next step." in answer.content.decode()


@pytest.mark.django_db
def test_a_job_that_is_over_says_how_it_ended_and_leads_to_its_result(cast, as_):
    register("count", counting)
    job = asked(cast)
    run_waiting()
    page = as_(cast.ben).get(f"/jobs/{job.pk}/").content.decode()
    assert "Counted to 3." in page and 'href="/help/"' in page
    assert "refresh" not in page and "Stop it" not in page
    part = as_(cast.ada).get(f"/jobs/{job.pk}/", headers={"X-Part": "progress"}).content.decode()
    assert "<html" not in part and 'data-job="over"' in part


@pytest.mark.django_db
def test_outsiders_find_no_job_and_insiders_without_the_role_cannot_stop_it(cast, as_):
    register("count", counting)
    job = asked(cast)
    assert as_(cast.eli).get(f"/jobs/{job.pk}/").status_code == 404
    assert as_(cast.ben).post(f"/jobs/{job.pk}/").status_code == 403
    assert "Count" not in as_(cast.eli).get("/jobs/").content.decode().partition("<h1")[2]
    assert as_(None).get(f"/jobs/{job.pk}/").status_code == 302


@pytest.mark.django_db
def test_the_list_of_jobs_asks_the_database_as_often_whatever_its_length(
    cast, as_, django_assert_max_num_queries
):
    register("count", counting)
    for _ in range(30):
        asked(cast)
    client = as_(cast.ada)
    client.get("/jobs/")
    with django_assert_max_num_queries(9):
        assert client.get("/jobs/").status_code == 200
