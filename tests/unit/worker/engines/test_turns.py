import threading
import time

from phidesk.worker.engines.turns import Turns


class _Random:
    """A random state that is one number, and how often it was saved."""

    def __init__(self) -> None:
        self.value = 0
        self.saved = 0

    def save(self) -> int:
        self.saved += 1
        return self.value

    def restore(self, value: int) -> None:
        self.value = value


def test_alone_nothing_is_saved() -> None:
    random = _Random()
    turns = Turns(random.save, random.restore)
    with turns.taken():
        for _ in range(3):
            turns.pass_on()
    assert random.saved == 0


def test_threads_take_turns_and_keep_their_state() -> None:
    random = _Random()
    turns = Turns(random.save, random.restore)
    order: list[int] = []
    seen: dict[int, list[int]] = {1: [], 2: [], 3: []}
    others_wait = threading.Event()

    def work(who: int) -> None:
        with turns.taken():
            others_wait.wait(10)
            random.value = 100 * who
            for _ in range(5):
                random.value += 1
                seen[who].append(random.value)
                order.append(who)
                turns.pass_on()

    threads = [threading.Thread(target=work, args=(who,)) for who in seen]
    for thread in threads:
        thread.start()
    while len(turns._queue) < 2:
        time.sleep(0.001)
    others_wait.set()
    for thread in threads:
        thread.join(10)
    assert seen == {who: [100 * who + n for n in range(1, 6)] for who in seen}
    assert [len(set(order[i : i + 3])) for i in range(0, 15, 3)] == [3] * 5


def test_failure_inside_gives_the_turn_back() -> None:
    random = _Random()
    turns = Turns(random.save, random.restore)
    try:
        with turns.taken():
            raise ValueError
    except ValueError:
        pass
    done = threading.Event()

    def work() -> None:
        with turns.taken():
            done.set()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert done.is_set()
