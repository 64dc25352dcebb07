"""The npm packages that the components use, each at one exact version. Data only: no logic."""

RUNTIME: dict[str, str] = {
    "yjs": "13.6.33",
    "y-protocols": "1.0.7",
    "y-indexeddb": "9.0.12",
    "y-codemirror.next": "0.3.6",
    "lib0": "0.2.120",
    "@codemirror/state": "6.7.6",
    "@codemirror/view": "6.43.15",
    "@codemirror/language": "6.13.1",
    "@codemirror/commands": "6.11.1",
    "@codemirror/search": "6.7.2",
    "@codemirror/autocomplete": "6.20.4",
    "@codemirror/lint": "6.9.8",
    "@codemirror/lang-javascript": "6.2.5",
    "@codemirror/lang-html": "6.4.12",
    "@codemirror/lang-css": "6.3.1",
    "@codemirror/lang-python": "6.2.1",
    "@codemirror/lang-markdown": "6.5.2",
    "@codemirror/lang-json": "6.0.2",
    "@codemirror/lang-yaml": "6.1.3",
    "@lezer/highlight": "1.2.5",
    "dockview-react": "8.6.0",
    "sucrase": "3.35.1",
    "lucide-react": "1.26.0",
    "@fontsource-variable/inter": "5.3.0",
    "@fontsource-variable/jetbrains-mono": "5.3.0",
    # The server runs it over canvas files; the browser never loads it.
    "prettier": "3.10.1",
}

DEV: dict[str, str] = {
    "vitest": "5.1.1",
    "typescript": "7.0.2",
    "@types/react": "19.3.0",
    "@types/react-dom": "19.3.0",
    "jsdom": "31.0.1",
    # Tests of the provider speak to the real server with it.
    "ws": "8.23.0",
    # The stock provider, to show that any Yjs client can join.
    "y-websocket": "3.1.0",
}
