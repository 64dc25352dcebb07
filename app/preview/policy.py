"""What a preview may do, as HTTP headers: for the frame, for its run-time files, and for the page around it.

What must not be here: routes, and anything that reads the canvas.
"""

from collections.abc import Iterable

FRAME_PATH = "/preview/frame"
RUNTIME_PATH = "/rt"

# The features Chromium knows that reach a device, a person's attention or another browsing context.
_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "captured-surface-control",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "deferred-fetch",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "language-detector",
    "language-model",
    "local-fonts",
    "local-network-access",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "private-state-token-issuance",
    "private-state-token-redemption",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "speaker-selection",
    "storage-access",
    "summarizer",
    "translator",
    "unload",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)


def _sources(origins: Iterable[str], path: str = "") -> str:
    """Return `origins` as CSP sources. An IPv6 literal has no form in CSP: it is left out, and nothing is allowed."""
    named = sorted(origin + path for origin in origins if "[" not in origin)
    return " ".join(named) or "'none'"


def frame_policy(origins: Iterable[str]) -> str:
    """Return the frame's Content-Security-Policy. `origins` are the page origins that may show it.

    Trusted types send every text that becomes markup, script or a script's address through one function of the
    shell. That is how `javascript:` addresses are refused: a document made by one would not be hardened.
    """
    origins = tuple(origins)
    runtime = _sources(origins, f"{RUNTIME_PATH}/")
    runtime = "" if runtime == "'none'" else f" {runtime}"
    return "; ".join(
        (
            "sandbox allow-scripts",
            "default-src 'none'",
            f"script-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:{runtime}",
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "font-src data:",
            "media-src data: blob:",
            "connect-src 'none'",
            "worker-src blob:",
            "child-src blob:",
            "frame-src 'none'",
            "object-src 'none'",
            "manifest-src 'none'",
            "form-action 'none'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types default",
            f"frame-ancestors {_sources(origins)}",
        )
    )


def frame_headers(origins: Iterable[str]) -> dict[str, str]:
    """Return every header of the frame's page."""
    return {
        "content-security-policy": frame_policy(origins),
        "permissions-policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "x-dns-prefetch-control": "off",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
    }


def runtime_headers() -> dict[str, str]:
    """Return the headers of a run-time file: public, the same for everybody, and inert when opened by itself."""
    return {
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "public, max-age=3600",
    }


def page_policy(origins: Iterable[str]) -> str:
    """Return the Content-Security-Policy of the app's own pages.

    `frame-src` is a part of the preview's containment: a frame that navigates itself elsewhere is stopped here.
    """
    return "; ".join(
        (
            f"frame-src {_sources(origins, '/preview/')}",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )
