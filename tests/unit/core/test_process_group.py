import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from phidesk.core.process_group import end_process_group

pytestmark = pytest.mark.skipif(
    not Path("/dev/shm").is_dir(),
    reason="this system keeps shared memory elsewhere",
)

_HOLDS = """
import multiprocessing as m, sys, time
from multiprocessing.shared_memory import SharedMemory

def child(pipe):
    kept = SharedMemory(create=True, size=4096)
    pipe.send(kept.name)
    time.sleep(60)

if __name__ == "__main__":
    here, there = m.get_context("fork").Pipe()
    m.get_context("fork").Process(target=child, args=(there,)).start()
    kept = SharedMemory(create=True, size=4096)
    lock = m.get_context("spawn").Lock()
    semaphore = "sem." + lock._semlock.name.removeprefix("/")
    print(kept.name, semaphore, here.recv(), flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("leader_is_dead", [False, True])
def test_shared_memory_goes_with_the_group(leader_is_dead: bool) -> None:
    group = subprocess.Popen(
        [sys.executable, "-c", _HOLDS], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert group.stdout is not None
    files = [Path("/dev/shm", name) for name in group.stdout.readline().split()]
    assert [file.exists() for file in files] == [True, True, True]
    if leader_is_dead:
        group.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, group.pid, os.WEXITED | os.WNOWAIT)
    end_process_group(group.pid)
    assert group.wait(10) == -9
    group.stdout.close()
    assert [file.exists() for file in files] == [False, False, False]


def test_a_group_that_is_gone() -> None:
    group = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    group.wait(10)
    with pytest.raises(ProcessLookupError):
        end_process_group(group.pid)
