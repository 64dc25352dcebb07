// What is taken away from this realm before guest code runs. A nested frame would bring a fresh, unhardened realm
// (reachable at once as window[0]), and a <link> reaches the network past any policy, so neither may ever enter the
// tree: every parser here is purged, and so is everything that is handed to the tree.
const BANNED =
  'iframe, frame, frameset, object, embed, fencedframe, portal, link, base, meta[http-equiv], script[type="speculationrules" i]';

// Every text that would become markup, script or a script's address comes through here. A javascript: address would
// replace the document by one that nothing here has touched; a script's address may only be made on the spot.
trustedTypes.createPolicy("default", {
  createHTML: (text) => text,
  createScript: (text, type, sink) => (sink === "Location href" ? null : text),
  createScriptURL: (text) => text,
});
defineProperty(window, "trustedTypes", { value: undefined, writable: false, configurable: false });

for (const name of Object.getOwnPropertyNames(window)) {
  // Chromium ignores the policy's webrtc 'block': peer connections would speak past connect-src.
  if (/^(webkit)?RTC|^WebTransport|^XSLTProcessor$|^PresentationRequest$|^ShadowRealm$|^fetchLater$/.test(name)) {
    deleteProperty(window, name);
  }
}
for (const owner of [Element.prototype, ShadowRoot.prototype]) deleteProperty(owner, "setHTMLUnsafe");
for (const owner of [Element.prototype, ShadowRoot.prototype, Document.prototype]) {
  for (const name of ["streamHTML", "streamHTMLUnsafe", "appendHTMLUnsafe", "prependHTMLUnsafe", "beforeHTMLUnsafe", "afterHTMLUnsafe", "replaceWithHTMLUnsafe", "streamAppendHTMLUnsafe"]) deleteProperty(owner, name);
}
for (const name of ["parseHTMLUnsafe", "parseHTML"]) deleteProperty(Document, name);

function each(root, selector, visit) {
  const type = dom.type(root);
  const found = (type === 1 ? dom.all : type === 11 ? dom.allIn : dom.allOf)(root, [selector]);
  for (let i = 0; i < dom.count(found); i++) visit(found[i]);
}

// Take everything banned out of a tree; the tree's own root cannot be taken out, so say whether it is banned.
function purge(root) {
  const type = dom.type(root);
  if (type !== 1 && type !== 11 && type !== 9) return true;
  each(root, BANNED, (element) => {
    if (dom.parent(element) !== null) dom.remove(element, []);
  });
  each(root, "template", (template) => {
    if (dom.namespace(template) === "http://www.w3.org/1999/xhtml") purge(dom.content(template));
  });
  if (type !== 1) return true;
  if (dom.localName(root) === "template" && dom.namespace(root) === "http://www.w3.org/1999/xhtml") purge(dom.content(root));
  return !dom.matches(root, [BANNED]);
}

const hasInstance = Function.prototype[Symbol.hasInstance];
const NodeType = Node;
const nodeLike = (value) => typeof value === "object" && value !== null && apply(hasInstance, NodeType, [value]);

function clean(value) {
  if (!nodeLike(value) || purge(value)) return value;
  return dom.create(document, ["span"]);
}

// Wrap a method that puts nodes into a tree.
function wrap(owner, name) {
  const native = describe(owner, name)?.value;
  if (typeof native !== "function") return;
  const wrapped = {
    [name](...given) {
      for (let i = 0; i < given.length; i++) given[i] = clean(given[i]);
      const answer = apply(native, this, given);
      sweep();
      return answer;
    },
  }[name];
  put(owner, name, wrapped);
}
for (const name of ["appendChild", "insertBefore", "replaceChild", "moveBefore"]) wrap(Node.prototype, name);
for (const owner of [Element.prototype, Document.prototype, DocumentFragment.prototype]) {
  for (const name of ["append", "prepend", "replaceChildren", "moveBefore"]) wrap(owner, name);
}
for (const owner of [Element.prototype, CharacterData.prototype, DocumentType.prototype]) {
  for (const name of ["before", "after", "replaceWith"]) wrap(owner, name);
}
wrap(Element.prototype, "insertAdjacentElement");
for (const name of ["insertNode", "surroundContents"]) wrap(Range.prototype, name);
wrap(HTMLSelectElement.prototype, "add");
wrap(HTMLOptionsCollection.prototype, "add");

function wrapSetter(owner, name, change) {
  const own = describe(owner, name);
  if (!own?.set) return;
  defineProperty(owner, name, {
    get: own.get,
    set(value) {
      change(this, value, own.set);
      sweep();
    },
    enumerable: own.enumerable,
    configurable: false,
  });
}
const insertClean = (self, value, native) => apply(native, self, [clean(value)]);
wrapSetter(Document.prototype, "body", insertClean);
for (const name of ["caption", "tHead", "tFoot"]) wrapSetter(HTMLTableElement.prototype, name, insertClean);

// Text becomes nodes in a document that loads nothing, is purged there, and only then enters the tree.
function nodesFrom(context, html) {
  const name = context ? dom.localName(context) : "body";
  const space = context ? dom.namespace(context) : "http://www.w3.org/1999/xhtml";
  const holder = dom.createIn(inert, [space, name === "script" || name === "html" ? "body" : name]);
  dom.setHtml(holder, html);
  const source = name === "template" && space === "http://www.w3.org/1999/xhtml" ? dom.content(holder) : holder;
  purge(source);
  // Scripts made by a parser of text never run; they keep that when they are moved.
  const fragment = dom.fragment(document, []);
  for (let node = dom.first(source); node !== null; node = dom.first(source)) dom.append(fragment, [node]);
  return fragment;
}
const replaceAll = method(Element.prototype, "replaceChildren");
const replaceAllIn = method(DocumentFragment.prototype, "replaceChildren");
const host = getter(ShadowRoot.prototype, "host");
wrapSetter(Element.prototype, "innerHTML", (self, value) => {
  const name = dom.localName(self);
  const text = value === null ? "" : `${value}`;
  const plain = name === "style" || name === "script" || name === "textarea" || name === "title";
  if (plain) return dom.setText(self, text);
  const target = name === "template" && dom.namespace(self) === "http://www.w3.org/1999/xhtml" ? dom.content(self) : self;
  const nodes = nodesFrom(self, text);
  return target === self ? replaceAll(self, [nodes]) : replaceAllIn(target, [nodes]);
});
wrapSetter(ShadowRoot.prototype, "innerHTML", (self, value) => {
  replaceAllIn(self, [nodesFrom(host(self), value === null ? "" : `${value}`)]);
});
wrapSetter(Element.prototype, "outerHTML", (self, value) => {
  const parent = dom.parent(self);
  if (parent === null) return;
  dom.replace(parent, [nodesFrom(dom.type(parent) === 1 ? parent : null, value === null ? "" : `${value}`), self]);
});
put(Element.prototype, "insertAdjacentHTML", function insertAdjacentHTML(where, html) {
  const place = lower(`${where}`, []);
  const inside = place === "afterbegin" || place === "beforeend";
  const parent = inside ? this : dom.parent(this);
  if (parent === null) return;
  const nodes = nodesFrom(dom.type(parent) === 1 ? parent : null, `${html}`);
  if (place === "beforebegin") dom.insert(parent, [nodes, this]);
  else if (place === "afterbegin") dom.insert(this, [nodes, dom.first(this)]);
  else if (place === "beforeend") dom.append(this, [nodes]);
  else if (place === "afterend") dom.insert(parent, [nodes, dom.next(this)]);
  else throw new DOMException("Unknown position.", "SyntaxError");
  sweep();
});
put(Range.prototype, "createContextualFragment", function createContextualFragment(html) {
  return nodesFrom(null, `${html}`);
});
const nativeParse = DOMParser.prototype.parseFromString;
put(DOMParser.prototype, "parseFromString", function parseFromString(text, type) {
  const parsed = apply(nativeParse, this, [text, type]);
  purge(parsed);
  return parsed;
});
const nativeCommand = Document.prototype.execCommand;
put(Document.prototype, "execCommand", function execCommand(name, ui, value) {
  const command = lower(`${name}`, []);
  return command === "inserthtml" ? false : apply(nativeCommand, this, [command, ui, value]);
});

// These would replace the document, and with it everything above.
for (const name of ["open", "close", "write", "writeln"]) {
  put(Document.prototype, name, function unavailable() {
    say("warn", [`document.${name}() does nothing in a preview.`]);
    return name === "open" ? document : undefined;
  });
}
// The back button belongs to the page around the preview; state is kept, the address is not touched.
let historyState = null;
for (const name of ["pushState", "replaceState"]) {
  put(History.prototype, name, function remember(state) {
    historyState = state;
  });
}
for (const name of ["go", "back", "forward"]) put(History.prototype, name, function stay() {});
defineProperty(History.prototype, "state", { get: () => historyState, configurable: false });
if (window.navigation) put(Navigation.prototype, "navigate", () => ({ committed: NativePromise.reject(), finished: NativePromise.reject() }));

// Whatever came in past the gates above never shows its realm, and is out again before the guest's next line.
for (const owner of [HTMLIFrameElement, HTMLFrameElement, HTMLObjectElement, HTMLEmbedElement]) {
  for (const name of ["contentWindow", "contentDocument"]) {
    if (describe(owner.prototype, name)) defineProperty(owner.prototype, name, { get: () => null, configurable: false });
  }
  if (describe(owner.prototype, "getSVGDocument")) put(owner.prototype, "getSVGDocument", () => null);
}
function sweep() {
  if (frameCount(window) > 0) purge(document);
}
const watcher = new NativeObserver(() => purge(document));
observe(watcher, [document, { childList: true, subtree: true }]);
