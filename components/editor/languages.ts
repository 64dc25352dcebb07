/** Which language a file is written in, by its name; each grammar loads only when a file needs it. */
import type { LanguageSupport } from "@codemirror/language";
import { lazy } from "../collab/lazy";

type Load = () => Promise<LanguageSupport>;

const scripts = lazy(() => import("@codemirror/lang-javascript"));
const javascript = (options: { jsx?: boolean; typescript?: boolean }): Load => {
  return async () => (await scripts()).javascript(options);
};
const html = lazy(async () => (await import("@codemirror/lang-html")).html({ autoCloseTags: true }));
const css = lazy(async () => (await import("@codemirror/lang-css")).css());
const json = lazy(async () => (await import("@codemirror/lang-json")).json());
const markdown = lazy(async () => (await import("@codemirror/lang-markdown")).markdown());
const python = lazy(async () => (await import("@codemirror/lang-python")).python());
const yaml = lazy(async () => (await import("@codemirror/lang-yaml")).yaml());

const BY_EXTENSION: Record<string, Load> = {
  html,
  htm: html,
  svg: html,
  vue: html,
  css,
  js: javascript({ jsx: true }),
  mjs: javascript({ jsx: true }),
  cjs: javascript({ jsx: true }),
  jsx: javascript({ jsx: true }),
  ts: javascript({ typescript: true }),
  mts: javascript({ typescript: true }),
  tsx: javascript({ typescript: true, jsx: true }),
  json,
  webmanifest: json,
  md: markdown,
  markdown,
  py: python,
  pyi: python,
  yaml,
  yml: yaml,
};

/** How to load the language of the file at `path`, or null for plain text. */
export function languageOf(path: string): Load | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const dot = name.lastIndexOf(".");
  return dot < 0 ? null : (BY_EXTENSION[name.slice(dot + 1)] ?? null);
}
