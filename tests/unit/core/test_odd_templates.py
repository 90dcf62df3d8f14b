"""What is odd about a template, and that nothing is about those that models really have."""

import time

import pytest

from phidesk.core.odd_templates import Oddity, odd_parts

CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
HEADERS = """{{- bos_token }}
{%- set day = strftime_now("%d %b %Y") if strftime_now is defined else "26 Jul 2024" %}
{%- if messages[0].role == "system" %}{% set first = messages[0].content | trim %}
{%- set messages = messages[1:] %}{% else %}{% set first = "" %}{% endif %}
{{- "<|start|>system<|end|>\\n\\nToday: " + day + "\\n" + first }}
{%- for message in messages %}
    {{- '<|start|>' + message.role + '<|end|>\\n\\n' + message['content'] | trim + '<|eot|>' }}
{%- endfor %}"""
THINKING = """{# __class__ in a comment is only a word #}
{%- set ns = namespace(last=messages|length - 1, found=false) %}
{%- for m in messages[::-1] %}{% set at = (messages|length - 1) - loop.index0 %}
{%- if not ns.found and m.role == "user" %}{% set ns.last = at %}
{% set ns.found = true %}{% endif %}
{%- endfor %}
{%- for m in messages %}
{%- if m.role == "assistant" and '</think>' in m.content %}
{%- set words = m.content.split('</think>')[-1].lstrip('\\n') %}
{%- else %}{% set words = m.content %}{% endif %}
{{- '<|' ~ m.role ~ '|>' ~ words }}{% generation %}{{ '' }}{% endgeneration %}
{%- endfor %}{% if enable_thinking is defined and not enable_thinking %}{{ '<t>\\n\\n</think>' }}
{%- endif %}"""
TOOLS = """{%- macro kind_of(spec, deep) -%}
  {%- if spec.type == 'array' -%}{{ kind_of(spec['items'], deep + 1) }}[]
  {%- elif spec is mapping and spec.properties is defined -%}
    { {% for name, inner in spec.properties|dictsort %}{{ name }}:
      {{ kind_of(inner, deep + 1) }}, {% endfor %} }
  {%- else -%}{{ spec.type|replace('_', ' ') }}{%- endif -%}
{%- endmacro -%}
{{ '\\n<tool_call>\\n{"name": <function-name>}\\n</tool_call>' }}# Tools
**Call** one of `__init__` or others, 1000000 times at most:
{% for tool in tools or [] %}{{ tool.function.name }}: {{ tool|tojson(indent=4) }}
{{ kind_of(tool.function.parameters, 0) }}{% endfor %}
{{- {'a': {'b': 1}} | tojson }}{{ "**bold** {} and }}" }}
{%- for i in range(0, messages|length) %}{% for j in range(8) %}{% endfor %}
{%- if (messages[i].role == 'user') != (i % 2 == 0) %}{{ raise_exception('Alternate') }}{% endif %}
{%- endfor %}{{ messages[messages|length - 1]['content'].split('a')[-1] + ['b' ~ bos][0] }}
{%- set lines = lines + ['- ' + name] if x in ['a' + b] else ['c' ~ d] %}
{{- messages[0]['a']|replace('_', ' ') ~ '_' ~ x }}{{ call(**arguments) }}
{%- raw %}{{ x.__class__ }}{% endraw %}"""


@pytest.mark.parametrize("text", [CHATML, HEADERS, THINKING, TOOLS, "", "{{", "{%", "{#", "plain"])
def test_nothing_is_odd_about_what_models_have(text: str) -> None:
    assert odd_parts(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ x['__globals__'] }}",
        "{{ x|attr('a' ~ b) }}",
        "{{ x['\\x5f\\x5fclass\\x5f\\x5f'] }}",
        "{{ x['\\N{LOW LINE}_class'] }}",
        "{{ '__' ~ 'class' }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ cycler.a }}",
        "{{ lipsum(n=3) }}",
        "{{ x.popen('ls') }}",
        "{{ '}}' ~ x.__class__ }}",
        "{{ {'a': {}}['a'].__class__ }}",
        "{% raw %}{{ ' {% endraw %}{{ x.__class__ }}",
        "{%- if x.__class__ -%}{% endif %}",
        "{% filter attr('x') %}{% endfilter %}",
        "{{ [x]|map('attr', name) }}",
        "{{ ''['_'*2~'class'~'_'*2] }}",
        "{% set a = '_' * 2 %}",
        "{{ x[y][['cla', 'ss']|join] }}",
        "{{ x[''.join(y)] }}",
        "{{ x.__class__",
    ],
)
def test_ways_out_of_the_sandbox_are_seen(text: str) -> None:
    assert list(odd_parts(CHATML + text)) == [Oddity.REACHES_OUT]


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999999) %}{% endfor %}",
        "{% for a in range(400) %}{% for b in range(400) %}{% endfor %}{% endfor %}",
        "{%- for a in range(1, 50) %}{% for b in [1] %}{%+ for c in range(50) -%}"
        "{% for d in range(50) %}",
        "{{ 'a' * 0xFFFFFF }}",
        "{{ 'a' * 1e9 }}",
        "{{ 9 ** x }}",
        "{{ '%9999999d' % 1 }}",
        "{{ '{:>9999999}'.format(1) }}",
        "{{ x.ljust(1_000_000) }}",
    ],
)
def test_endless_work_is_seen(text: str) -> None:
    assert list(odd_parts(text)) == [Oddity.ENDLESS]


def test_loops_one_after_the_other_are_not_nested() -> None:
    assert odd_parts("{% for a in range(400) %}{% endfor %}" * 9) == {}


def test_very_many_loops_are_counted_at_once() -> None:
    begun = time.process_time()
    text = "{% for a in range(9) %}" * (250_000 // 23)
    assert list(odd_parts(text)) == [Oddity.ENDLESS]
    assert time.process_time() - begun < 5  # to multiply them all anew for each takes a minute


@pytest.mark.parametrize("tag", ["include", "import", "extends", "from"])
def test_other_files_are_seen(tag: str) -> None:
    assert odd_parts(f"{{%- {tag} 'x' %}}") == {Oddity.OTHER_FILES: f"{tag} 'x'"}


def test_a_huge_template_is_not_read_at_all() -> None:
    assert odd_parts("a" * 300_000) == {Oddity.HUGE: "300,000 characters"}


@pytest.mark.parametrize(
    "piece",
    [
        "'",
        "\\'",
        "{{",
        "{% for",
        "{a:",
        "1",
        "{{ '",
        "__a",
        "range(",
        "{#",
        ",  **",
        "{:",
        "a[",
        "] ",
    ],
)
def test_no_template_makes_the_search_itself_slow(piece: str) -> None:
    for start in ("", "{{ ", "{{ '", "{% "):
        begun = time.process_time()
        odd_parts(start + piece * (250_000 // len(piece)))
        assert time.process_time() - begun < 30  # a search that begins anew takes minutes
