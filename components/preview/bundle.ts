/**
 * A canvas's files become one build that the preview's frame can show without a network. Pure: text in, text out.
 * What runs the build, and where it is shown, is not here.
 */
import { dataAddress, type Files, inlineCss, missing, noNetwork } from "./css";
import { attribute, escape, splice, startTag, type Tag, tagsOf } from "./html";
import { markdownPage } from "./markdown";
import { addModule, type Context, findModule, linkModule } from "./modules";
import { extensionOf, referenceIn } from "./paths";
import { positionAt, type Problem, problemAt } from "./problems";
import { asItIs, needsTranspile, type Transpile } from "./transpile";

/** What travels to the frame. Everything is text; nothing in it names an address on the network. */
export interface Build {
  entry: string;
  html: string;
  /** Path → CSS, for linked, inline and imported style sheets. */
  styles: Record<string, string>;
  /** Style sheets imported by modules, in order. */
  imported: string[];
  /** Classic scripts: path → code. */
  scripts: Record<string, string>;
  /** Modules: path → code, specifiers rewritten to canvas:/path. */
  modules: Record<string, string>;
  /** The other text files, for fetch(). */
  files: Record<string, string>;
  /** Run-time packages that the modules import. */
  packages: string[];
  /** Whether scripts with an error are left out. */
  partial: boolean;
}

export interface Bundle {
  /** null when there is nothing to show: no file that could be a page. Scripts with an error are left out of it. */
  build: Build | null;
  problems: Problem[];
  /** Whether a script waits for a transpiler, so that this build cannot be shown. */
  waits: boolean;
}

const PAGES: readonly RegExp[] = [/^index\.html?$/, /(^|\/)index\.html?$/, /\.html?$/, /(^|\/)(index|main|app)\.(jsx?|tsx?|mjs)$/, /\.(jsx?|tsx?|mjs)$/, /\.(md|markdown)$/, /\.css$/, /\.svg$/];
/** A fetched file is copied into every build; what is larger is left to modules. */
const MAX_FETCHED = 256 * 1024;

/** The file that the preview shows: index.html, else any page, else a script, a text or a style sheet. */
export function entryOf(files: Files): string | null {
  const paths = Object.keys(files).sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
  for (const page of PAGES) {
    const found = paths.find((path) => page.test(path) && !/\.(test|spec|d)\.[a-z]+$/.test(path));
    if (found !== undefined) return found;
  }
  return null;
}

/** Without a `transpile`, JavaScript passes unchecked and anything that needs more has to wait. */
export function bundle(files: Files, transpile: Transpile | null, wanted: string | null = null): Bundle {
  const entry = wanted !== null && files[wanted] !== undefined ? wanted : entryOf(files);
  const problems: Problem[] = [];
  if (entry === null) return { build: null, problems, waits: false };
  const modules = { code: {}, styles: {}, packages: new Set<string>() };
  let waits = false;
  const unchecked: Transpile = (path, text) => {
    waits ||= needsTranspile(path);
    return asItIs(path, text);
  };
  const context: Context = { files, problems, aliases: {}, modules, transpile: transpile ?? unchecked };
  const build: Build = { entry, html: "", styles: {}, imported: [], scripts: {}, modules: {}, files: {}, packages: [], partial: false };
  const html = pageFor(entry, files[entry] ?? "");
  build.html = new Page(context, build, entry, html).rewrite();
  build.modules = modules.code;
  build.imported = Object.keys(modules.styles);
  Object.assign(build.styles, modules.styles);
  build.packages = [...modules.packages].sort();
  for (const [path, text] of Object.entries(files)) {
    if (/\.(json|txt|csv|tsv|md|svg|xml|html?|geojson|yaml|yml)$/i.test(path) && path !== entry && text.length <= MAX_FETCHED) build.files[path] = text;
  }
  build.partial = problems.some((one) => one.level === "error");
  return { build, problems, waits };
}

function pageFor(entry: string, text: string): string {
  const kind = extensionOf(entry);
  if (kind === "html" || kind === "htm") return text;
  if (kind === "svg") return `<body style="margin:0">${text}</body>`;
  if (kind === "css") return `<link rel="stylesheet" href="/${escape(entry)}"><h1>Heading</h1><p>A paragraph with <a href="#">a link</a>.</p><button>Button</button>`;
  if (kind === "md" || kind === "markdown") return markdownPage(text);
  return `<div id="root"></div><div id="app"></div><script type="module" src="/${escape(entry)}"></script>`;
}

/** One pass over a page's tags. */
class Page {
  private changes: { start: number; end: number; text: string }[] = [];
  private inline = 0;

  constructor(
    private context: Context,
    private build: Build,
    private path: string,
    private html: string,
  ) {}

  rewrite(): string {
    const tags = tagsOf(this.html);
    for (const tag of tags) if (tag.name === "script" && attribute(tag, "type") === "importmap") this.importMap(tag);
    for (const tag of tags) {
      if (tag.name === "script") this.script(tag);
      else if (tag.name === "link") this.link(tag);
      else if (tag.name === "style") this.style(tag);
      else this.picture(tag);
    }
    return splice(this.html, this.changes);
  }

  private script(tag: Tag): void {
    const type = attribute(tag, "type") ?? "";
    const source = attribute(tag, "src");
    if (type === "importmap") return;
    const runs = /^(|module|text\/(babel|jsx|typescript|javascript)|application\/javascript)$/i.test(type);
    if (!runs) return;
    const foreign = /babel|jsx|typescript/i.test(type);
    if (source === null) return this.inlineScript(tag, type === "module", foreign);
    const path = this.file(tag, source);
    if (path === null) return this.put(tag, tag.close ?? tag.end, "");
    const found = findModule(this.context.files, path) ?? path;
    const module = type === "module" || foreign || ["ts", "tsx", "jsx", "mts"].includes(extensionOf(found));
    if (module) addModule(this.context, found);
    else this.build.scripts[found] = this.classic(found);
    const rest = tag.attributes.filter((one) => one.name !== "src" && one.name !== "type");
    const marked = [...(module ? [{ name: "type", value: "module" }] : []), ...rest, { name: "data-canvas-script", value: found }];
    this.put(tag, tag.close ?? tag.end, `${startTag("script", marked)}</script>`);
  }

  private classic(path: string): string {
    const { code, problem } = this.context.transpile(path, this.context.files[path] ?? "");
    if (problem) this.context.problems.push(problem);
    return code;
  }

  private inlineScript(tag: Tag, module: boolean, foreign: boolean): void {
    if (!tag.content) return;
    const code = this.html.slice(tag.content.start, tag.content.end);
    const line = positionAt(this.html, tag.content.start).line - 1;
    const padded = "\n".repeat(line) + code;
    const parsed = this.context.transpile(`${this.path}${foreign ? ".tsx" : ".js"}`, padded);
    if (parsed.problem) this.context.problems.push({ ...parsed.problem, file: this.path });
    if (parsed.problem) return this.put(tag, tag.close ?? tag.end, "");
    if (!module && !foreign) {
      const marked = [...tag.attributes, { name: "data-canvas-line", value: String(line) }];
      return this.put(tag, tag.end, startTag("script", marked));
    }
    // An inline module becomes a named one, so that its lines are known and its imports are found.
    const name = `${this.path}?${++this.inline}`;
    const waiting: string[] = [];
    this.context.modules.code[name] = linkModule({ ...this.context }, this.path, parsed.code, waiting);
    for (const path of waiting) addModule(this.context, path);
    const marked = [{ name: "type", value: "module" }, { name: "data-canvas-script", value: name }];
    this.put(tag, tag.close ?? tag.end, `${startTag("script", marked)}</script>`);
  }

  private link(tag: Tag): void {
    const rel = (attribute(tag, "rel") ?? "").toLowerCase().split(/\s+/);
    const address = attribute(tag, "href");
    if (!rel.includes("stylesheet") || address === null) return this.put(tag, tag.end, "");
    const path = this.file(tag, address);
    if (path === null) return this.put(tag, tag.end, "");
    this.build.styles[path] = inlineCss(this.context.files, path, this.context.problems);
    const media = attribute(tag, "media");
    const marked = [...(media === null ? [] : [{ name: "media", value: media }]), { name: "data-canvas-style", value: path }];
    this.put(tag, tag.end, `${startTag("style", marked)}</style>`);
  }

  private style(tag: Tag): void {
    if (!tag.content) return;
    const name = `${this.path}?style${++this.inline}`;
    const css = this.html.slice(tag.content.start, tag.content.end);
    this.build.styles[name] = inlineCss(this.context.files, this.path, this.context.problems, css);
    this.put(tag, tag.close ?? tag.end, `${startTag("style", [...tag.attributes, { name: "data-canvas-style", value: name }])}</style>`);
  }

  private picture(tag: Tag): void {
    const at = tag.name === "image" || tag.name === "use" ? ["href", "xlink:href"] : ["src", "poster"];
    if (!["img", "source", "video", "audio", "input", "image"].includes(tag.name)) return;
    const attributes = tag.attributes.map((one) => {
      if (!at.includes(one.name)) return one;
      const path = this.file(tag, one.value);
      const data = path === null ? null : dataAddress(path, this.context.files[path] ?? "");
      return data === null ? one : { ...one, value: data };
    });
    if (attributes.every((one, i) => one === tag.attributes[i])) return;
    const text = startTag(tag.name, attributes);
    const closes = this.html.slice(tag.start, tag.end).endsWith("/>");
    this.put(tag, tag.end, closes ? `${text.slice(0, -1)}/>` : text);
  }

  /** The canvas's file that an address means, or null after telling what is wrong with it. */
  private file(tag: Tag, address: string): string | null {
    const target = referenceIn(this.path, address);
    if (target.kind === "file" && findModule(this.context.files, target.path) !== null) return target.path;
    if (target.kind !== "inline") {
      const message = target.kind === "network" ? noNetwork(address) : missing(target.path);
      this.context.problems.push(problemAt(this.path, this.html, tag.start, message, "warn"));
    }
    return null;
  }

  private importMap(tag: Tag): void {
    if (!tag.content) return;
    try {
      const map = JSON.parse(this.html.slice(tag.content.start, tag.content.end)) as { imports?: Record<string, string> };
      this.context.aliases = { ...this.context.aliases, ...map.imports };
    } catch {
      this.context.problems.push(problemAt(this.path, this.html, tag.start, "The import map is not JSON."));
    }
    this.put(tag, tag.close ?? tag.end, "");
  }

  /** Replace a tag up to `end`, keeping its line breaks so that every later line stays where it was. */
  private put(tag: Tag, end: number, text: string): void {
    const lost = this.html.slice(tag.start, end).split("\n").length - text.split("\n").length;
    this.changes.push({ start: tag.start, end, text: text + "\n".repeat(Math.max(0, lost)) });
  }
}
