"""A thread that stays with its connection for a moment keeps nobody else waiting, and notices when the other goes."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time

import pytest


@pytest.fixture
def port():
    """A server with one worker of two threads."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    program = [
        sys.executable, "-m", "gunicorn", "wsgiref.simple_server:demo_app", f"--bind=127.0.0.1:{number}",
        "--workers=1", "--threads=2", "--worker-class=folkmoot.project.worker.Worker", "--log-level=warning",
    ]  # fmt: skip
    server = subprocess.Popen(program)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                ask(http.client.HTTPConnection("127.0.0.1", number, timeout=10))
                break
            except OSError:
                assert time.monotonic() < until, "the server did not start"
                time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        assert server.wait(timeout=30) == 0


def ask(connection):
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert answer.status == 200 and b"Hello world" in answer.read()
    return answer


def test_more_connections_than_threads_are_all_answered_over_and_over(port):
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(8)]
    began = time.monotonic()
    for _ in range(20):
        for one in connections:
            one.request("GET", "/")
        for one in connections:
            assert one.getresponse().read().startswith(b"Hello world")
    assert time.monotonic() - began < 10
    for one in connections:
        one.close()


def test_one_that_is_kept_open_and_silent_holds_no_thread(port):
    silent = [http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(4)]
    for one in silent:
        ask(one)
    ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5))
    ask(silent[0])  # and it is still heard


def test_one_that_goes_right_after_its_answer_does_no_harm(port):
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as gone:
            gone.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert gone.recv(12) == b"HTTP/1.1 200"
    ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5))


def test_two_sent_at_once_are_both_answered(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as eager:
        eager.sendall(
            b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        heard = b""
        while part := eager.recv(65536):
            heard += part
    assert heard.count(b"HTTP/1.1 200") == 2
