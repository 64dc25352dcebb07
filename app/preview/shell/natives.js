// The browser's own functions, taken before guest code can replace them. The rest of the shell uses only these.
const { apply, getOwnPropertyDescriptor: describe, defineProperty, deleteProperty } = Reflect;
const method = (owner, name) => {
  const native = owner[name];
  return (self, args) => apply(native, self, args);
};
const getter = (owner, name) => {
  const native = describe(owner, name).get;
  return (self) => apply(native, self, []);
};
const setter = (owner, name) => {
  const native = describe(owner, name).set;
  return (self, value) => apply(native, self, [value]);
};
const dom = {
  all: method(Element.prototype, "querySelectorAll"),
  allIn: method(DocumentFragment.prototype, "querySelectorAll"),
  allOf: method(Document.prototype, "querySelectorAll"),
  count: getter(NodeList.prototype, "length"),
  matches: method(Element.prototype, "matches"),
  remove: method(Element.prototype, "remove"),
  parent: getter(Node.prototype, "parentNode"),
  next: getter(Node.prototype, "nextSibling"),
  first: getter(Node.prototype, "firstChild"),
  type: getter(Node.prototype, "nodeType"),
  owner: getter(Node.prototype, "ownerDocument"),
  root: method(Node.prototype, "getRootNode"),
  localName: getter(Element.prototype, "localName"),
  namespace: getter(Element.prototype, "namespaceURI"),
  attribute: method(Element.prototype, "getAttribute"),
  setAttribute: method(Element.prototype, "setAttribute"),
  removeAttribute: method(Element.prototype, "removeAttribute"),
  append: method(Node.prototype, "appendChild"),
  insert: method(Node.prototype, "insertBefore"),
  replace: method(Node.prototype, "replaceChild"),
  setText: setter(Node.prototype, "textContent"),
  text: getter(Node.prototype, "textContent"),
  setHtml: setter(Element.prototype, "innerHTML"),
  create: method(Document.prototype, "createElement"),
  createIn: method(Document.prototype, "createElementNS"),
  fragment: method(Document.prototype, "createDocumentFragment"),
  import: method(Document.prototype, "importNode"),
  content: getter(HTMLTemplateElement.prototype, "content"),
  listen: method(EventTarget.prototype, "addEventListener"),
  dispatch: method(EventTarget.prototype, "dispatchEvent"),
  shadow: getter(Element.prototype, "shadowRoot"),
};
const parseHtml = ((parser, native) => (html) => apply(native, parser, [html, "text/html"]))(
  new DOMParser(),
  DOMParser.prototype.parseFromString,
);
const inert = document.implementation.createHTMLDocument("");
const later = setTimeout.bind(window);
const frameTick = requestAnimationFrame.bind(window);
const NativeBlob = Blob;
const addressOf = URL.createObjectURL.bind(URL);
const frameCount = getter(window, "length");
const now = performance.now.bind(performance);
const NativeObserver = MutationObserver;
const observe = method(MutationObserver.prototype, "observe");
const NativePromise = Promise;
const hasFocus = method(Document.prototype, "hasFocus");
const activation = navigator.userActivation;
const isActive = getter(UserActivation.prototype, "isActive");
const lower = method(String.prototype, "toLowerCase");
const put = (owner, name, value) => {
  defineProperty(owner, name, { value, writable: false, enumerable: false, configurable: false });
};
