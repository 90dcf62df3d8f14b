"""Which templates are rendered in the worker's own process."""

import pytest

from phidesk.worker.engines.template_look import is_plain
from tests.unit.core.test_odd_templates import CHATML, HEADERS, THINKING


@pytest.mark.parametrize(
    "text",
    [
        CHATML,
        HEADERS,
        THINKING,
        "{% macro part(p) %}{% for x in p %}{{ x }}{% endfor %}{% endmacro %}"
        "{% for m in messages %}{{ part(m.content) }}{% endfor %}",
        "{% set ns = namespace(s='') %}{% for m in b %}{% set ns.s = ns.s ~ m %}{% endfor %}",
        "{% set c = c[0] if c is string else c %}",
    ],
)
def test_what_most_models_have_is_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{% macro f(n) %}{{ f(n - 1) }}{% endmacro %}",
        "{% macro f(n) %}{{ g(n) }}{% endmacro %}{% macro g(n) %}{{ f(n) }}{% endmacro %}",
        "{% macro f(n) %}{{ h(n) }}{% endmacro %}{% set h = f %}",
        "{% for a in b recursive %}{{ loop(a) }}{% endfor %}",
        "{% block a %}{{ self.a() }}{% endblock %}",
        "{% for a in b %}" * 5 + "{% endfor %}" * 5,
        "{% set ns.s = ns.s ~ ns.s %}",
        "{% set s = [s + (s)] %}",
        "{% broken",
    ],
)
def test_what_could_go_on_for_ever_is_not(text: str) -> None:
    assert not is_plain(text)
