"""Which templates are rendered in the worker's own process."""

import pytest

from phidesk.worker.engines.template_look import is_plain
from tests.unit.core.test_odd_templates import CHATML, HEADERS, THINKING

# As the models have them, in their own words: what the loops and the values are made of.
LLAMA3 = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}"
    "{% set content = '<h>' + message['role'] + '</h>\n' + message['content'] | trim + '<e>' %}"
    "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<h>assistant</h>' }}{% endif %}"
)
QWEN25 = (
    "{%- if tools %}{%- for tool in tools %}{{- '\n' }}{{- tool | tojson }}{%- endfor %}"
    "{%- endif %}"
    "{%- for message in messages %}{%- if message.tool_calls %}"
    "{%- for tool_call in message.tool_calls %}{%- if tool_call.function is defined %}"
    "{%- set tool_call = tool_call.function %}{%- endif %}{{- tool_call.name }}"
    "{{- tool_call.arguments | tojson }}{%- endfor %}"
    "{%- elif loop.last or (messages[loop.index0 + 1].role != 'tool') %}{{- '<|im_end|>' }}"
    "{%- else %}{{- message.role + '\n' + message.content }}{%- endif %}{%- endfor %}"
)
GEMMA = (
    "{{ bos_token }}{%- if messages[0]['role'] == 'system' -%}"
    "{%- set prefix = messages[0]['content'][0]['text'] + '\n' -%}"
    "{%- set loop_messages = messages[1:] -%}{%- else -%}{%- set prefix = '' -%}"
    "{%- set loop_messages = messages -%}{%- endif -%}{%- for message in loop_messages -%}"
    "{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}"
    "{{ raise_exception('turns must alternate') }}{%- endif -%}"
    "{%- set role = 'model' if message['role'] == 'assistant' else message['role'] -%}"
    "{{ '<t>' + role + '\n' + (prefix if loop.first else '') }}"
    "{%- if message['content'] is string -%}{{ message['content'] | trim }}{%- else -%}"
    "{%- for item in message['content'] -%}{{ item['text'] | trim }}{%- endfor -%}{%- endif -%}"
    "{%- endfor -%}"
)


@pytest.mark.parametrize(
    "text",
    [
        CHATML,
        HEADERS,
        THINKING,
        LLAMA3,
        QWEN25,
        GEMMA,
        "{% set c = c[0] if c is string else c %}",
    ],
)
def test_what_most_models_have_is_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{% set s = 'a'|center(99999) %}{% if messages|length > 2 %}",
        "{{ [messages ~ ''] ~ '' }}",
        "{{ x" + "|tojson" * 9 + " }}",
        "{% set ns.a = ns.b ~ ns.b %}{% set ns.b = ns.a %}",
        "{% set x = ns.s ~ ns.s %}{% set ns.s = x %}",
        "{% for x in ns.s.split('@') %}{% set ns.s = x ~ x %}{% endfor %}",
        "{% set ns.s = ns.s|tojson %}",
        "{% set s = s.replace('a', 'aa') %}",
        "".join(f"{{% set b{n + 1} = b{n} ~ b{n} %}}" for n in range(40)),
        "{{ 'ab' * 9999 }}",
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
