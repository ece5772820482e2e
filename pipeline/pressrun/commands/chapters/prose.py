"""Prose as HTML: sentences of descriptions, with names in backticks, and whole texts in Markdown."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from pressrun.commands.chapters.code import code_html

_SENTENCES = MarkdownIt("zero").enable("backticks")


def sentence_html(text: str) -> str:
    """A line or two, in which names stand in backticks."""
    return str(_SENTENCES.renderInline(text.replace("``", "`")))


def text_html(text: str) -> str:
    """A whole text. A fence whose language is followed by a path is shown as the file of that path."""
    return str(_markdown().render(text))


def fence_html(text: str, language: str, title: str = "") -> str:
    """Code, under the name of its file if it is one."""
    head = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    kind = "terminal" if language == "sh" else "listing"
    return f'<figure class="{kind}">{head}<pre tabindex="0">{code_html(text, language)}</pre></figure>\n'


class _Renderer(RendererHTML):
    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]) -> str:
        language, _, path = tokens[idx].info.partition(" ")
        return fence_html(tokens[idx].content, language, path.strip())


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", renderer_cls=_Renderer).enable("table")
