"""What every page has in its head: the theme before the first paint, the icon, the stylesheets.

What must not be here: anything that a page shows.
"""

import reflex as rx

STYLESHEETS = ["/tokens.css", "/base.css", "/pages.css", "/panels.css", "/pygments.css"]

# Before the first paint, so that no other theme flashes. The key and the words are those of components/shell/theme.ts.
_THEME = """\
(function () {
  var theme = null, asks = function (query) { return matchMedia(query).matches };
  try { theme = localStorage.getItem("polycanvas.theme") } catch (blocked) {}
  if (theme !== "light" && theme !== "dark" && theme !== "contrast")
    theme = asks("(prefers-contrast: more)") ? "contrast" : asks("(prefers-color-scheme: dark)") ? "dark" : "light";
  document.documentElement.dataset.theme = theme;
})()"""


def head() -> list[rx.Component]:
    """Return the components of the document's head."""
    return [
        rx.el.script(_THEME),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.meta(name="color-scheme", content="light dark"),
    ]
