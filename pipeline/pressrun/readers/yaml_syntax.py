"""What is said of a text that is no YAML."""

from __future__ import annotations

import re

import yaml

from pressrun.model.finding import Finding, Place, Severity

_BARE_TEMPLATE = re.compile(r"(?:[:\[,-]\s+|^\s*)\{\{|\{%")
_LIST_IN_FLOW_VALUE = re.compile(r"""[{,]\s*[\w-]+:\s+[^\s"'\[{}&*!|>%@`#,][^"'{}\[\],]*\[""")
_QUOTE_VALUE = "put a value that has [ in it in quotes: when: \"kind in ['guest', 'artist']\""
_BARE_VARIABLE = re.compile(r"""(?:[{,]\s*[\w-]+:\s+|\[\s*)[^\s"'{}\[\],][^"'{}\[\],]*\$?\{\w|[:\[,]\s+\$\{\w""")
_QUOTE_VARIABLE = (
    'put it in quotes, as { belongs to YAML: "${price}" is a variable of `vars`, "{{ product.price }}" a column'
)
QUOTE_TEMPLATES = 'put templates in quotes: "{{ … }}"'
# An apostrophe ends what single quotes began: what goes on behind it is no YAML.
_CUT_SHORT = re.compile(r"""[:,\[{-]\s+'(?:[^']|'')*?(?P<word>\w*')(?P<rest>\w+)""")

_PLAIN_WORDS = (
    (
        "mapping values are not allowed",
        "a ':' does not belong here",
        "check the indentation; put text that holds ': ' in quotes",
    ),
    ("could not find expected ':'", "a key without its ':'", "every key is followed by ': '"),
    ("did not find expected key", "the lines do not fit together here", "check the indentation and quotes above"),
    ("did not find expected '-'", "the list does not go on here as it began", "check the indentation and the dashes"),
    ("did not find expected ','", "a list or mapping in brackets is not closed", "check the commas and brackets above"),
    ("expected <document start>", "this line does not belong to what stands above it", "check the indentation"),
    ("cannot start any token", "text may not begin with this character", "put it in quotes"),
    ("unexpected end of stream", "a quote is opened and never closed", "write the same quote behind its last word"),
    ("block sequence entries are not allowed", "a list does not belong here", "put it on a line of its own"),
    ("unknown escape character", "an unknown '\\' escape in double quotes", "use single quotes, or write '\\\\'"),
)


def syntax_fault(error: yaml.MarkedYAMLError, text: str, file: str) -> Finding:
    """Where YAML cannot be read any further, in the words of those who write it, with what was probably meant."""
    mark = error.problem_mark or error.context_mark
    problem = error.problem or "this is not YAML"
    if mark is None:
        return Finding(Severity.ERROR, "yaml-syntax", problem, Place(file))
    if "end of stream" in problem and error.context_mark is not None:
        mark = error.context_mark  # where the quote was opened, not where the file ran out
    place = Place(file, mark.line + 1, mark.column + 1)
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: mark.column + 1] and not line[: mark.column].strip():
        tab = Place(file, mark.line + 1, line.index("\t") + 1)
        return Finding(Severity.ERROR, "tab-indent", "a tab is used to indent", tab, "indent with spaces")
    message, hint = problem, None
    for sign, plain, advice in _PLAIN_WORDS:
        if sign in problem:
            message, hint = plain, advice
            break
    number = error.context_mark.line if error.context_mark else mark.line
    near = lines[number] if number < len(lines) else line
    if _BARE_TEMPLATE.search(line) or _BARE_TEMPLATE.search(near):
        hint = QUOTE_TEMPLATES
    elif _BARE_VARIABLE.search(line) or _BARE_VARIABLE.search(near):
        hint = _QUOTE_VARIABLE
    elif found := _CUT_SHORT.search(line) or _CUT_SHORT.search(near):
        message = f"the text in single quotes ends at the apostrophe of {found['word']}{found['rest']}"
        place = Place(file, (mark.line if found.string == line else number) + 1, found.end("word") + 1)
        hint = f"write the apostrophe as ’, twice ({found['word']}'{found['rest']}), or put the text in double quotes"
    elif "did not find expected ','" in problem and any(map(_LIST_IN_FLOW_VALUE.search, (line, near))):
        hint = _QUOTE_VALUE
    return Finding(Severity.ERROR, "yaml-syntax", message, place, hint)
