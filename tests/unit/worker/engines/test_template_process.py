"""Hostile templates end in a plain error, and leave the next one alone."""

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.template_process import (
    TemplateProcess,
    TemplateRefusedError,
    UnsafeTemplateError,
)

GROWS = (
    "{% set ns = namespace(s='aaaaaaaaaaaaaaaa') %}{% for i in range(60) %}"
    "{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}"
)


@pytest.fixture(scope="module")
def templates() -> Iterator[TemplateProcess]:
    with TemplateProcess() as process:
        yield process


def _child(templates: TemplateProcess) -> psutil.Process:
    assert templates.pid is not None
    return psutil.Process(templates.pid)


def test_what_templates_are_written_for_is_there(templates: TemplateProcess) -> None:
    text = (
        "{% for m in messages %}\n  {% if m.role == 'x' %}{% continue %}{% endif %}\n"
        "{{ m.content }} {{ m | tojson }} {{ bos_token }}{{ strftime_now('%Y')|int > 2000 }}"
        "{% generation %}own{% endgeneration %}{% break %}{% endfor %}"
        "{{ add_generation_prompt }}{{ tools is none }}"
    )
    made = templates.render(
        text, [{"role": "user", "content": "你<好"}], variables={"bos_token": "<s>"}
    )
    assert made == '你<好 {"role": "user", "content": "你<好"} <s>TrueownTrueTrue'


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ '{0.__class__.__mro__}'.format(1) }}",
        "{{ messages.append(1) }}",
        "{{ raise_exception.__globals__.os }}",
    ],
)
def test_the_sandbox_gives_no_insides(templates: TemplateProcess, text: str) -> None:
    with pytest.raises(UnsafeTemplateError, match="unsafe") as caught:
        templates.render(text, [])
    assert caught.value.kind is FailureKind.UNSUPPORTED


@pytest.mark.parametrize("text", ["{{ ''.__class__ }}", "{{ '{0.__class__}'.format(1) }}"])
def test_what_is_only_shown_is_nothing(templates: TemplateProcess, text: str) -> None:
    assert templates.render(text, []) == ""


@pytest.mark.parametrize("text", [GROWS, "{{ 'a' * 10**12 }}", "{{ 'a' * 20000000 }}"])
def test_a_huge_text_is_stopped(templates: TemplateProcess, text: str) -> None:
    for _ in range(2):
        with pytest.raises(EngineError, match="more than 16,777,216 characters"):
            templates.render(text, [])
    assert templates.render("fine", []) == "fine"


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 9 ** (9 ** 9) }}",  # computed in C, which nothing can interrupt
        "{% macro f(n) %}{% if n %}{{ f(n - 1) ~ f(n - 1) }}{% endif %}{% endmacro %}{{ f(99) }}",
    ],
)
def test_an_endless_template_is_stopped_and_the_next_goes_on(text: str) -> None:
    with TemplateProcess(limit_s=0.5) as templates:
        templates.render("", [])
        before = _child(templates)
        with pytest.raises(EngineError, match=r"did not end within 0\.5 seconds"):
            templates.render(text, [])
        assert not before.is_running()
        assert templates.render("fine", []) == "fine"
        after = _child(templates)
    assert not after.is_running()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ raise_exception('No system role') }}", "No system role"),
        ("{% if %}", "Expected an expression"),
        ("{{ a.b.c }}", "'a' is undefined"),
        ("{{ 1 + 'a' }}", "TypeError"),
        ("{% include '/etc/passwd' %}", "no loader"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "recursion"),
    ],
)
def test_what_a_template_says_is_told(templates: TemplateProcess, text: str, words: str) -> None:
    with pytest.raises(TemplateRefusedError, match=words):
        templates.render(text, [])


@pytest.mark.skipif(sys.platform != "linux", reason="reads the limits of another process")
def test_the_process_can_open_nothing(templates: TemplateProcess) -> None:
    templates.render("", [])
    child = _child(templates)
    assert child.rlimit(psutil.RLIMIT_NOFILE) == (0, 0)
    assert child.rlimit(psutil.RLIMIT_AS)[0] == 2**30
    assert child.net_connections(kind="inet") == []


def test_a_plain_template_is_rendered_here_from_the_second_time_on() -> None:
    text = "{% for m in messages %}{{ m|tojson }}{{ bos ~ add_generation_prompt }}{% endfor %}"
    with TemplateProcess() as templates:
        first = templates.render(text, [{"x": "é"}], variables={"bos": Path("b")})
        assert first == '{"x": "é"}bTrue'
        child = _child(templates)
        child.suspend()  # it answers nothing any more
        assert templates.render(text, [{"x": "é"}], variables={"bos": Path("b")}) == first
        child.resume()


@pytest.mark.parametrize(
    "text",
    [
        "{% if messages[0].n > 1 %}{% set d = [0,1,2,3,4,5,6,7,8,9] %}"
        + "{% for a in d %}" * 12
        + "{% endfor %}" * 12
        + "{% endif %}{{ messages[0].n }}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) ~ f(n - 1) }}{% endif %}{% endmacro %}"
        "{{ f(99) if messages[0].n > 1 else 1 }}",
    ],
)
def test_what_waits_for_a_word_is_stopped_at_that_word(text: str) -> None:
    with TemplateProcess(limit_s=0.5) as templates:
        assert templates.render(text, [{"n": 1}]) == "1"
        with pytest.raises(EngineError, match="did not end within"):
            templates.render(text, [{"n": 2}])


def test_a_process_that_was_killed_is_started_again(templates: TemplateProcess) -> None:
    templates.render("", [])
    child = _child(templates)
    child.kill()
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert templates.render("fine", []) == "fine"


def test_many_threads_get_their_own_answers(templates: TemplateProcess) -> None:
    found: dict[int, str] = {}

    def ask(number: int) -> None:
        found[number] = templates.render("{{ messages[0].n }}", [{"n": number}])

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: str(n) for n in range(20)}


@pytest.mark.parametrize(
    "words",
    ["{% for a in messages[0].content %}" * 3, "{% for a in messages %}" * 4],
)
def test_what_is_plain_has_its_end_as_well(words: str) -> None:
    """It is stopped where it waits for a longer chat before it begins to go round."""
    text = "{% if messages|length > 2 %}" + words + "x" + "{% endfor %}" * words.count("for")
    text += "{% endif %}"
    with TemplateProcess(0.5) as process:
        assert process.render(text, [{"role": "user", "content": "a"}]) == ""
        chat = [{"role": "user", "content": "a" * 700}] * 120
        with pytest.raises(EngineError, match="did not end within"):
            process.render(text, chat)
