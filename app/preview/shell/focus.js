// Focus follows the person: guest code may move it only while it is already here, or right after a click here.
function mayFocus() {
  return hasFocus(document, []) || isActive(activation);
}
for (const owner of [HTMLElement.prototype, SVGElement.prototype, MathMLElement.prototype]) {
  const native = owner.focus;
  put(owner, "focus", function focus(options) {
    if (mayFocus()) apply(native, this, [options]);
  });
}
for (const [owner, name] of [
  [HTMLElement.prototype, "click"],
  [HTMLElement.prototype, "showPopover"],
  [HTMLElement.prototype, "togglePopover"],
  [HTMLInputElement.prototype, "select"],
  [HTMLTextAreaElement.prototype, "select"],
  [HTMLInputElement.prototype, "setSelectionRange"],
  [HTMLTextAreaElement.prototype, "setSelectionRange"],
  [HTMLDialogElement.prototype, "showModal"],
  [HTMLDialogElement.prototype, "show"],
]) {
  const native = owner[name];
  if (typeof native !== "function") continue;
  put(owner, name, function guarded(...given) {
    const here = mayFocus();
    const answer = apply(native, this, given);
    // Some of these move focus by themselves. Without the person here, it is let go again.
    if (!here && hasFocus(document, [])) letGo();
    return answer;
  });
}
const blur = method(HTMLElement.prototype, "blur");
const active = getter(Document.prototype, "activeElement");
function letGo() {
  const element = active(document);
  if (element && element !== document.body) blur(element, []);
  report({ type: "focus", asked: false });
}
put(window, "focus", () => {});
put(window, "print", () => {});
