// The one door: the page around the frame hands over a port and one build. Everything later travels on that port.
let port = null;
const post = MessagePort.prototype.postMessage;
const dataOf = getter(MessageEvent.prototype, "data");
const portsOf = getter(MessageEvent.prototype, "ports");
const sourceOf = getter(MessageEvent.prototype, "source");
const originOf = getter(MessageEvent.prototype, "origin");
const keyOf = getter(KeyboardEvent.prototype, "key");
const repeatOf = getter(KeyboardEvent.prototype, "repeat");
const HOST = new URL(location.href).origin;
const outer = window.parent;

function report(message) {
  if (port !== null) apply(post, port, [message]);
}

async function start(build) {
  files = build.files;
  try {
    await materialise(build);
  } catch (error) {
    failed(error, "", place(error?.stack));
  }
  // One turn later, so that a rejection left behind by the last script is told first.
  later(() => {
    flush();
    report({ type: "ready" });
  }, 0);
}

function command(event) {
  const message = dataOf(event);
  // The answer needs this thread, so a page that spins forever gives none. No timer of ours could be cleared.
  if (message.type === "ping") report({ type: "pong", count: message.count });
  else if (message.type === "styles") restyle(message.styles);
  else if (message.type === "files" && refile(message.put, message.gone)) report({ type: "stale" });
}

dom.listen(window, ["message", function take(event) {
  if (port !== null || sourceOf(event) !== outer || originOf(event) !== HOST) return;
  const ports = portsOf(event);
  const message = dataOf(event);
  if (ports.length !== 1 || message?.type !== "build") return;
  event.stopImmediatePropagation();
  port = ports[0];
  port.onmessage = command;
  // Told before any of the guest's code runs: from here on, silence is the guest's.
  report({ type: "pong", count: 0 });
  start(message.build);
}, true]);

// Links: another page of the canvas is asked for; an address elsewhere is only named, never opened.
dom.listen(document, ["click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href], area[href]") : null;
  if (!link || event.defaultPrevented) return;
  const href = link.getAttribute("href") ?? "";
  if (href.startsWith("#")) return;
  event.preventDefault();
  if (/^\s*javascript:/i.test(href)) return void (0, eval)(decodeURIComponent(href.replace(/^\s*javascript:/i, "")));
  const path = pathFrom(href);
  if (path !== null) report({ type: "page", path });
  else say("info", [`A link leads out of the preview and was not opened: ${href}`]);
}]);

dom.listen(window, ["focus", () => report({ type: "focus", asked: isActive(activation) }), true]);
// Keys pressed in here never reach the page around it, where some of them mean something too. Only what a person pressed:
// isTrusted is each event's own and cannot be redefined, and a key's name is asked of the browser itself.
dom.listen(window, ["keydown", (event) => {
  if (event.isTrusted) report({ type: "key", key: keyOf(event), repeat: repeatOf(event) });
}, { capture: true, passive: true }]);
let scrolling = false;
dom.listen(window, ["scroll", () => {
  if (scrolling) return;
  scrolling = true;
  frameTick(() => {
    scrolling = false;
    report({ type: "scroll", x: window.scrollX, y: window.scrollY });
  });
}, { passive: true }]);
const self = document.currentScript;
if (self) dom.remove(self, []);
