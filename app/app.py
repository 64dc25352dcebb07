"""The Reflex app: what it is made of, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import reflex as rx
from starlette.types import ASGIApp

from app.bootstrap import running
from app.guard import Guard, narrow_entrance
from app.pages import add_pages
from app.settings import read_settings
from app.web.routes import make_edge

settings = read_settings()


@asynccontextmanager
async def services_running() -> AsyncIterator[None]:
    """Keep the services up while the server is."""
    async with running(settings):
        yield


def with_edge(page: ASGIApp) -> ASGIApp:
    """Put our own addresses and the gate in front of Reflex's."""
    return make_edge(page, settings, Path(__file__).parents[1] / ".web" / "node_modules")


app = rx.App(html_lang="en", stylesheets=["/tokens.css"], toaster=None, api_transformer=with_edge)
app.add_middleware(Guard(), index=0)
narrow_entrance(app)
app.register_lifespan_task(services_running)
add_pages(app)
