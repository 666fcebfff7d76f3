"""Nothing the tests start outlives them, whatever becomes of the test run."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.support.runs import RunFolder, Running, look_up
from tests.support.servers import NotStarted, Postgres
from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
PARENT_AND_CHILD = ["sh", "-c", "sleep 600 & echo $! >child; wait"]


class Interrupted(Postgres):
    """Ctrl-C comes while the server starts."""

    def _answers(self) -> bool:
        raise KeyboardInterrupt


class Misconfigured(Postgres):
    """PostgreSQL refuses its settings."""

    def _prepare(self, folder: RunFolder) -> None:
        super()._prepare(folder)
        with (folder.path / "data" / "postgresql.conf").open("a") as configuration:
            configuration.write("no_such_setting = 1\n")


def started(folder: Path) -> list[Running]:
    """Everything the folder's file `processes` lists that is alive."""
    lines = (folder / "processes").read_text().splitlines()
    listed = [Running(*map(int, line.split())) for line in lines]
    return [running for running in listed if look_up(running.pid) == running]


def child_of(folder: RunFolder) -> Running:
    """The process that the process in the folder has started."""
    note = folder.path / "child"
    assert eventually(lambda: note.exists() and note.read_text().strip())
    found = look_up(int(note.read_text()))
    assert found is not None
    return found


def test_kill_ends_a_process_and_what_it_started(tmp_path: Path) -> None:
    folder = RunFolder("sleeper", tmp_path)
    parent = folder.spawn(PARENT_AND_CHILD, log=folder.path / "log")
    child = child_of(folder)
    folder.kill()

    assert parent.returncode == -signal.SIGKILL
    assert look_up(child.pid) != child

    folder.remove()

    assert not folder.path.exists()


def test_a_discarded_server_leaves_no_process_and_no_file() -> None:
    server = Postgres(fsync=False).start()
    folder, processes = server.folder, started(server.folder)
    server.discard()

    assert processes
    assert not [running for running in processes if look_up(running.pid) == running]
    assert not folder.exists()


def test_a_start_that_is_interrupted_leaves_nothing() -> None:
    server = Interrupted(fsync=False)
    with pytest.raises(KeyboardInterrupt):
        server.start()

    assert not server.running
    with pytest.raises(NotStarted, match="has no folder"):
        _ = server.folder


def test_a_server_that_cannot_start_says_why() -> None:
    with pytest.raises(NotStarted, match="no_such_setting"):
        Misconfigured(fsync=False).start()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_servers_end_when_the_test_run_is_killed(number: signal.Signals) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with run:
        assert run.stdout is not None
        folder = Path(run.stdout.readline().strip())
        processes = started(folder)
        run.send_signal(number)

    assert processes
    assert eventually(lambda: not folder.exists())
    assert not [running for running in processes if look_up(running.pid) == running]


START_AND_WAIT = textwrap.dedent("""
    import signal
    from tests.support.servers import Postgres

    # A run in the background inherits that Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(Postgres(fsync=False).start().folder, flush=True)
    signal.pause()
""")


def test_the_next_run_clears_away_what_a_dead_run_left(tmp_path: Path) -> None:
    program = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from tests.support.runs import RunFolder

        folder = RunFolder("sleeper", Path({str(tmp_path)!r}))
        folder.spawn({PARENT_AND_CHILD!r}, log=folder.path / "log")
        print(folder.path, flush=True)
        os.kill(folder.guard_pid, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    left = Path(run.stdout.strip())
    processes = started(left)
    living = RunFolder("sleeper", tmp_path)  # its making is what clears away
    RunFolder("sleeper", tmp_path).remove()

    assert processes
    assert not left.exists()
    assert not [running for running in processes if look_up(running.pid) == running]
    assert living.path.exists()

    living.remove()


def test_a_fork_of_the_test_run_does_not_take_the_servers_with_it() -> None:
    with Postgres(fsync=False) as server:
        child = os.fork()
        if child == 0:
            try:
                server.discard()
            finally:
                os._exit(0)
        os.waitpid(child, 0)

        assert server.running


def test_servers_end_even_when_somebody_has_deleted_their_folder(tmp_path: Path) -> None:
    folder = RunFolder("sleeper", tmp_path)
    folder.spawn(PARENT_AND_CHILD, log=folder.path / "log")
    child = child_of(folder)
    shutil.rmtree(folder.path)
    folder.remove()

    assert look_up(child.pid) != child
