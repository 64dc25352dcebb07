"""The headers of the frame, of run-time files and of the page around the frame."""

from app.preview.policy import frame_headers, frame_policy, page_policy, runtime_headers

ORIGINS = ("http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000")


def directives(policy: str) -> dict[str, str]:
    return {part.split(" ", 1)[0]: part.partition(" ")[2] for part in policy.split("; ")}


def test_the_frame_may_run_scripts_and_nothing_else() -> None:
    policy = directives(frame_policy(ORIGINS))
    assert policy == {
        "sandbox": "allow-scripts",
        "default-src": "'none'",
        "script-src": "'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob: "
        "http://127.0.0.1:3000/rt/ http://localhost:3000/rt/",
        "style-src": "'unsafe-inline'",
        "img-src": "data: blob:",
        "font-src": "data:",
        "media-src": "data: blob:",
        "connect-src": "'none'",
        "worker-src": "blob:",
        "child-src": "blob:",
        "frame-src": "'none'",
        "object-src": "'none'",
        "manifest-src": "'none'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "default",
        "frame-ancestors": "http://127.0.0.1:3000 http://localhost:3000",
    }


def test_no_origin_that_csp_can_name_means_nobody_may_show_the_frame() -> None:
    policy = directives(frame_policy(["http://[::1]:3000"]))
    assert policy["frame-ancestors"] == "'none'"
    assert policy["script-src"].endswith("blob:")


def test_the_frame_turns_devices_off_and_is_never_stored() -> None:
    headers = frame_headers(ORIGINS)
    assert "camera=()" in headers["permissions-policy"]
    assert "clipboard-read=()" in headers["permissions-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-dns-prefetch-control"] == "off"
    assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"


def test_the_page_frames_only_previews() -> None:
    policy = directives(page_policy(ORIGINS))
    assert policy["frame-src"] == "http://127.0.0.1:3000/preview/ http://localhost:3000/preview/"
    assert (policy["frame-ancestors"], policy["object-src"], policy["base-uri"]) == ("'self'", "'none'", "'none'")


def test_a_run_time_file_is_for_everybody_and_inert_by_itself() -> None:
    headers = runtime_headers()
    assert headers["access-control-allow-origin"] == "*"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert "set-cookie" not in headers
