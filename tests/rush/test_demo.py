"""The demonstration starts, is alone, and stops cleanly."""

import os
import signal
import subprocess
import sys
import tempfile

import httpx
import pytest

from tests.servers import free_port

pytestmark = [pytest.mark.rush, pytest.mark.timeout(300)]  # it prepares its data first


@pytest.fixture
def a_folder():
    """A folder that the embedded server's own user may enter; pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="giliran-demo-", ignore_cleanup_errors=True) as folder:
        yield f"{folder}/var"


def test_the_demo_prints_where_to_look_is_alone_and_leaves_nothing_behind(a_folder):
    port = free_port()
    environment = {**os.environ, "GILIRAN_HOME": a_folder}
    environment.pop("DATABASE_URL")
    environment.pop("DATABASE_POOL")
    command = [sys.executable, "-m", "giliran", "demo", "--no-life", "--without-past", "--port"]
    demo = subprocess.Popen(
        [*command, str(port)], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        printed = []
        for line in demo.stdout:
            printed.append(line)
            if "Ctrl-C" in line:
                break
        screens = [word for line in printed for word in line.split() if word.startswith("http")]
        answers = {url: httpx.get(url, follow_redirects=True).status_code for url in screens}
        second = subprocess.run(
            [*command, str(free_port())],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        demo.send_signal(signal.SIGINT)
        rest = demo.stdout.read()
        demo.wait(timeout=30)
        demo.stdout.close()

    assert len(screens) == 10
    assert set(answers.values()) == {200}
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert "Stopped." in rest
    assert demo.returncode == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/")
