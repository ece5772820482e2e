"""No template, however short or long, takes more than its allowance of steps, characters and time."""

from __future__ import annotations

import resource

import pytest

from pressrun.language.templates import Templates
from pressrun.model.template import TemplateFault

AGAIN = "{% for i in range(60) %}"
GROWING = {
    "~": "{% set ns = namespace(t='aaaaaaaa') %}" + AGAIN + "{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t }}",
    "+": "{% set ns = namespace(t='aaaaaaaa') %}" + AGAIN + "{% set ns.t = ns.t + ns.t %}{% endfor %}{{ ns.t }}",
    "lists": "{% set ns = namespace(t=[1]) %}" + AGAIN + "{% set ns.t = ns.t + ns.t %}{% endfor %}{{ ns.t | length }}",
    "lists in lists": "{% set ns = namespace(t=[1]) %}" + AGAIN
    + "{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.t | string }}",
    "tuples": "{% set ns = namespace(t=(1,)) %}" + AGAIN + "{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ ns.t ~ '' }}",
    "dicts": "{% set ns = namespace(t={}) %}" + AGAIN
    + "{% set ns.t = {'a': ns.t, 'b': ns.t} %}{% endfor %}{{ ns.t == ns.t }}",
    "nested set": "{% set a %}aaaaaaaaaa{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40 + "{{ a }}",
    "join": "{{ range(1000) | join('a' * 1) }}{{ range(1000) | join(range(1000) | join('aaaaaaaa')) }}",
    "join of many": "{% set a = range(1000) | join %}{{ [a, a, a, a, a, a, a, a] | join(a) | length }}" * 300,
    "replace": "{% set a = range(1000) | join %}{% set b = a | replace('1', a) %}{{ b | replace('1', b) }}",
    "replace of nothing": "{% set a = range(1000) | join %}{{ a | replace('', a) | length }}",
    "batch": "{{ [1] | batch(1000000000, 'x') | list | length }}",
    "slice": "{{ [1] | slice(1000000000, 'x') | list | length }}",
    "round": "{{ 1 | round(1000000000, 'ceil') }}",
    "round down": "{{ 123456 | round(-1000000000) }}",
    "products": "{% set ns = namespace(n=9999999999) %}" + AGAIN + "{% set ns.n = ns.n * ns.n %}{% endfor %}{{ ns.n }}",
    "sums": "{% set ns = namespace(n=" + "9" * 1000 + ") %}" + AGAIN
    + "{% set ns.n = ns.n + ns.n %}" * 60 + "{% endfor %}{{ ns.n }}",
    "sum of lists": "{% set a = range(1000) | list %}{{ [a, a, a] | sum(start=[]) | length }}",
    "macros": "{% macro a() %}" + "x" * 5000 + "{% endmacro %}" + AGAIN * 2 + "{{ a() }}{% endfor %}{% endfor %}",
    "macros in macros": "{% macro a0() %}xxxxxxxx{% endmacro %}"
    + "".join(f"{{% macro a{n} () %}}{{{{ a{n - 1}() }}}}{{{{ a{n - 1}() }}}}{{% endmacro %}}" for n in range(1, 40))
    + "{{ a39() }}",
    "long bodies": "{% for i in range(1000) %}" + "{% for j in range(19) %}" + "x" * 5000 + "{% endfor %}{% endfor %}",
    "blocks": "{% block a %}xxxxxxxxxx{% endblock %}" + AGAIN * 2 + "{{ self.a() }}{{ self.a() * 1 }}{% endfor %}"
    "{% endfor %}",
    "filters in loops": "{% set a = range(1000) | join %}" + AGAIN * 2 + "{{ a | upper | lower | title }}"
    "{% endfor %}{% endfor %}",
    "striptags": "{% set a = ('<b>' ~ (range(1000) | join('<i>'))) %}" + AGAIN * 2 + "{{ a | striptags }}"
    "{% endfor %}{% endfor %}",
    "tags": "{{ 1 }}" * 200_000,
    "comments": "{# #}" * 200_000,
    "source": "{{ 'a' }}" + "a" * 1_000_000,
    "split": "{% set a = range(1000) | join(' ') %}" + AGAIN * 2 + "{{ a.split() | length }}{% endfor %}{% endfor %}",
    "includes": "{% include 'long' %}" * 4_000,
    "recursion of loops": "{% for a in range(9) recursive %}{{ loop(range(9)) }}{% endfor %}",
}  # fmt: skip
NESTED = {
    "brackets": "{{ " + "(" * 900 + "1" + ")" * 900 + " }}",
    "lists": "{{ " + "[" * 900 + "1" + "]" * 900 + " }}",
    "if": "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "for": "{% for a in [1] %}" * 60 + "{% endfor %}" * 60,
    "filters": "{{ 'a'" + " | upper" * 200 + " }}",
    "many filters": "{{ 'a'" + " | upper" * 5000 + " }}",
    "a long sum": "{{ 1" + " + 1" * 20_000 + " }}",
    "not": "{{ " + "not " * 5000 + "1 }}",
    "attributes": "{{ a" + ".a" * 5000 + " }}",
    "choices": "{{ " + "1 if 1 else " * 5000 + "1 }}",
    "numbers": "{{ " + "9" * 4300 + " }}",
    "longer numbers": "\n{{ " + "9" * 5000 + " }}",
    "a folded method": "{{ ''.join }}",
    "a folded call": "{{ ''.join(['a']) }}",
    "a folded division": "{{ 1 // 0 }}",
    "half a character": "{{ '\\ud800' }}",
    "a private filter": "{{ 1 | _bounded }}",
}  # fmt: skip


@pytest.fixture(autouse=True)
def little_memory() -> object:
    """No more than 1 GB beyond what there is."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm") as statm:
        now = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + 2**30, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def fault_of(source: str) -> TemplateFault:
    templates = Templates({"long": "x" * 5000})
    with pytest.raises(TemplateFault) as caught:
        templates.text(source).render({})
    return caught.value


@pytest.mark.parametrize("source", GROWING.values(), ids=GROWING)
def test_what_grows_is_stopped_at_its_line(source: str) -> None:
    fault = fault_of("\n" + source)
    assert fault.code in ("template-too-long", "template-loop", "wrong-value", "unsafe-template")
    assert fault.line is not None


@pytest.mark.parametrize("source", NESTED.values(), ids=NESTED)
def test_what_cannot_be_compiled_or_folded_is_a_fault(source: str) -> None:
    names = Templates().inspect(source, "text")
    with pytest.raises(TemplateFault) as caught:
        Templates().text(source).render({"a": {}})
    if names.faults:  # else it shows when it is rendered, as every other value does
        assert caught.value.code in {fault.code for fault in names.faults}
    assert caught.value.code


@pytest.mark.parametrize("source", ["{{ 'a'" + " | upper" * 20 + " }}", "{% if 1 %}" * 15 + "a" + "{% endif %}" * 15])
def test_what_people_nest_is_no_fault(source: str) -> None:
    assert Templates().text(source).render({}).lower() == "a"


def test_the_allowance_is_one_renderings(monkeypatch: pytest.MonkeyPatch) -> None:
    template = Templates().text("{% for i in range(1000) %}{{ i ~ 'aaaaaaaaaa' }}{% endfor %}")
    for _ in range(50):
        assert len(template.render({})) > 10_000


def test_long_copy_is_no_attack() -> None:
    rows = [{"name": "Kenya", "text": "fine words " * 50}] * 100
    source = "{% for row in rows %}{{ row.name | upper ~ ': ' ~ row.text | truncate(300) }}\n{% endfor %}"
    assert len(Templates().text(source).render({"rows": rows}).splitlines()) == 100
