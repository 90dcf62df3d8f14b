"""Has chat templates rendered: in a process of their own, within limits, unless they are plain."""

import contextlib
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Self

import msgspec

from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.template_messages import MOST_CHARACTERS, Answer, Request

if TYPE_CHECKING:
    from phidesk.worker.engines.template_rendering import Answers

RENDER_S = 5.0
_MOST_HERE = 256 * 1024  # bytes of a conversation with its template
_START_S = 60.0  # the imports, on a machine that does much else


class TemplateRefusedError(Exception):
    """The template does not take this conversation; the message is the template's own."""


class UnsafeTemplateError(EngineError):
    """The template asks for what the sandbox does not give."""


class TemplateProcess:
    """Starts the process when it is first needed, and again after it had to be ended.

    A template that is plain and has been rendered there once is rendered in this process from
    then on, which takes microseconds; not so where always_apart. render may be called from any
    thread. The process ends with this one: its stdin does.
    """

    def __init__(self, limit_s: float = RENDER_S, *, always_apart: bool = False) -> None:
        self._limit_s = limit_s
        self._always_apart = always_apart
        self._is_plain: dict[str, bool] = {}  # those rendered before; few in a process's life
        self._here: Answers | None = None
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._is_ready = False
        self._last_will: weakref.finalize[..., TemplateProcess] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id; None while there is none."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process, without waiting for it."""
        with self._lock:
            self._ensure()

    def render(
        self,
        template: str,
        messages: Sequence[Mapping[str, Any]],
        *,
        add_generation_prompt: bool = True,
        variables: Mapping[str, Any] | None = None,
    ) -> str:
        """Return the prompt.

        Raises TemplateRefusedError where the template takes no such conversation,
        UnsafeTemplateError where it asks for what it may not have, and EngineError where it does
        not end or makes too large a text.
        """
        request = Request(
            template=template,
            messages=[dict(message) for message in messages],
            add_generation_prompt=add_generation_prompt,
            variables=dict(variables or {}),
        )
        answer = self._answer_here(request)
        if answer is None:
            with self._lock:
                answer = self._answer_here(request) or self._ask(request)  # or it was one of many
                if answer == Answer(text=answer.text):  # it came to its end once
                    self._look_at(template)
        if answer.unsafe:
            why = f"asks for what it may not have ({answer.unsafe.rstrip('.')})"
            raise UnsafeTemplateError(FailureKind.UNSUPPORTED, _words(why))
        if answer.is_too_large:
            raise _stopped(f"makes a text of more than {MOST_CHARACTERS:,} characters")
        if answer.refused:
            raise TemplateRefusedError(answer.refused)
        return answer.text

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _answer_here(self, request: Request) -> Answer | None:
        if self._here is None or not self._is_plain.get(request.template):
            return None
        from phidesk.worker.engines.template_rendering import TooMuchError

        # The same values as the process gets: texts, numbers, lists and mappings.
        data = msgspec.json.encode(request, enc_hook=str)
        if len(data) > _MOST_HERE:
            return None
        with contextlib.suppress(TooMuchError):
            return self._here.to(msgspec.json.decode(data, type=Request))
        return None

    def _look_at(self, template: str) -> None:
        if self._always_apart or template in self._is_plain:
            return
        # llama.cpp's worker needs no Jinja of its own.
        from phidesk.worker.engines.template_look import is_plain
        from phidesk.worker.engines.template_rendering import Answers

        self._here = self._here or Answers(bounded=True)
        self._is_plain[template] = is_plain(template)

    def _ask(self, request: Request) -> Answer:
        process = self._ensure()
        if not self._is_ready:
            self._is_ready = self._read(_START_S) == b"ready\n"
        if not self._is_ready:
            self._end()
            raise EngineError(
                FailureKind.BUG, "The process that renders chat templates does not start."
            )
        try:
            assert process.stdin is not None  # noqa: S101 - asked for in _ensure
            process.stdin.write(msgspec.json.encode(request, enc_hook=str) + b"\n")
            process.stdin.flush()
            line = self._read(self._limit_s)
        except OSError:
            line = b""
        if line is None:
            self._end()
            raise _stopped(f"did not end within {self._limit_s:g} seconds")
        if not line:
            self._end()
            raise _stopped("ended the process that renders it")
        return msgspec.json.decode(line, type=Answer)

    def _ensure(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", "phidesk.worker.engines.template_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None  # noqa: S101 - asked for above
        self._answers = queue.SimpleQueue()
        reader = threading.Thread(
            target=_pass_on, args=(process.stdout, self._answers), daemon=True
        )
        reader.start()
        self._last_will = weakref.finalize(self, _end_process, process, reader)
        return process

    def _read(self, seconds: float) -> bytes | None:
        """Return the next line, b"" where the process is gone, None after too long a time."""
        try:
            return self._answers.get(timeout=seconds)
        except queue.Empty:
            return None

    def _end(self) -> None:
        self._process, self._is_ready = None, False
        if self._last_will is not None:
            self._last_will()


def _end_process(process: subprocess.Popen[bytes], reader: threading.Thread) -> None:
    process.kill()
    process.wait()
    reader.join()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what was left to be written reaches nobody
            if pipe is not None:
                pipe.close()


def _pass_on(lines: IO[bytes], answers: "queue.SimpleQueue[bytes]") -> None:
    for line in lines:
        answers.put(line)
    answers.put(b"")


def _stopped(why: str) -> EngineError:
    return EngineError(FailureKind.UNSUPPORTED, _words(why))


def _words(why: str) -> str:
    return (
        f"The model's chat template {why}: it was stopped. Get the model from its original "
        "author, or another one."
    )
