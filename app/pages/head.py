"""What every page has in its head: stores that do not throw, the theme before the first paint, the icon, stylesheets.

What must not be here: anything that a page shows.
"""

import reflex as rx

STYLESHEETS = ["/tokens.css", "/base.css", "/pages.css", "/panels.css", "/pygments.css"]

# In a private window, or with a full store, a browser throws at a write or at the mere look, and the page's framework
# writes as it starts. Then what is written lasts as long as the page; what was kept before can still be read.
_STORES = """\
["localStorage", "sessionStorage"].forEach(function (name) {
  var real = null, own = new Map();
  try {
    real = window[name];
    real.setItem("polycanvas.probe", "");
    real.removeItem("polycanvas.probe");
    return;
  } catch (refused) {}
  Object.defineProperty(window, name, { configurable: true, value: {
    get length() { return own.size },
    key: function (at) { return Array.from(own.keys())[at] ?? null },
    getItem: function (key) {
      if (own.has(key)) return own.get(key);
      try { return real.getItem(key) } catch (refused) { return null }
    },
    setItem: function (key, value) { own.set(key, String(value)) },
    removeItem: function (key) { own.set(key, null) },
    clear: function () { own.clear(); real = null },
  } });
})"""

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
        rx.el.script(_STORES),
        rx.el.script(_THEME),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.meta(name="color-scheme", content="light dark"),
    ]
