"""The Reflex app: what it is made of, and nothing else."""

import reflex as rx

from app.pages import add_pages

app = rx.App(html_lang="en", toaster=None)
add_pages(app)
