"""A model's answer as HTML: Markdown without HTML, without images that load, with links that go nowhere by themselves.

What must not be here: what the answer is about.
"""

from collections.abc import MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from app.rendering.code import highlight_as
from app.rendering.languages import PLAIN, language_named

MAX_ANSWER = 200_000  # characters: more than any model writes at once; the rest is cut with a note
MAX_ADDRESS = 300  # characters of a link's address that are shown


class _Renderer(RendererHTML):
    """Draws tokens; what would load or lead somewhere is drawn as text."""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        token = tokens[idx]
        words = token.info.split()
        language = language_named(words[0]) if words else PLAIN
        label = f' aria-label="{escape(language.name)} code"'
        return f'<pre class="pc-code" tabindex="0"{label}><code>{highlight_as(token.content, language)}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return self.fence(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return f'<span class="pc-md-image">Image: {escape(tokens[idx].content)}</span>{_address(tokens[idx], "src")}'

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return '<span class="pc-md-link">'

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        # Links do not nest, so the last one opened is the one that closes here.
        opened = next(token for token in reversed(tokens[:idx]) if token.type == "link_open")
        return f"</span>{_address(opened, 'href')}"


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}, renderer_cls=_Renderer)
_MARKDOWN.enable(["table", "strikethrough"])


def markdown_html(text: str) -> str:
    """Return `text` as HTML that can stand in a page: no script, no address that is loaded or can be clicked."""
    cut = text[:MAX_ANSWER]
    rendered: str = _MARKDOWN.render(cut)
    if len(cut) < len(text):
        rendered += '<p class="pc-md-cut">The answer is longer than can be shown here.</p>'
    return rendered


def _address(token: Token, attribute: str) -> str:
    address = str(token.attrGet(attribute) or "")
    shown = address if len(address) <= MAX_ADDRESS else address[:MAX_ADDRESS] + "…"
    return f' <span class="pc-md-address">({escape(shown)})</span>'
