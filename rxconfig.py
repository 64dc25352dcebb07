"""Reflex's configuration. What a person may set is in docs/SETTINGS.md; nothing here is meant to be changed."""

import reflex as rx

from app.settings import read_settings
from components.plugin import FrontEnd, packages

_settings = read_settings()

config = rx.Config(
    app_name="app",
    plugins=[FrontEnd()],
    frontend_packages=packages(),
    disable_plugins=[rx.plugins.SitemapPlugin],  # the pages are private
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # The page takes the real address from the place it was opened at: see components/plugin.py.
    api_url="http://localhost:3000",
    deploy_url="http://localhost:3000",
    # Bound to a network without a public address, the gate compares each Origin with the Host (app/web/origins.py).
    cors_allowed_origins=["*"] if _settings.is_open else sorted(_settings.origins),
    # States hold ids and small view models only, so nothing is lost with them, and nothing of them lies on disk.
    state_manager_mode="memory",
)
