/** React for previews: fetched once from our own server, then handed to each build that imports it. */
import type { Build } from "./bundle";

export interface Runtime {
  text: string;
  /** Specifier → names that it exports. */
  names: Record<string, string[]>;
}

const ALL = "node_modules/all";

export function readRuntime(text: string): Runtime {
  const first = text.slice(0, text.indexOf("\n"));
  return { text, names: JSON.parse(first.replace(/^\/\/\s*/, "")) as Record<string, string[]> };
}

let fetched: Promise<Runtime> | null = null;

export function loadRuntime(): Promise<Runtime> {
  fetched ??= fetch("/rt/react.js", { credentials: "omit" }).then(async (answer) => {
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return readRuntime(text);
  });
  fetched.catch(() => {
    fetched = null; // The next build asks again.
  });
  return fetched;
}

/** `build` with the modules of its packages. */
export function withRuntime(build: Build, runtime: Runtime): Build {
  const modules: Record<string, string> = { ...build.modules, [ALL]: runtime.text };
  for (const name of build.packages) {
    const names = runtime.names[name] ?? [];
    modules[`node_modules/${name}`] =
      `import all from "canvas:/${ALL}";\nconst own = all[${JSON.stringify(name)}];\nexport default own;\nexport const { ${names.join(", ")} } = own;`;
  }
  return { ...build, modules };
}
