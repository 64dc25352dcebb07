/** React for previews: fetched once from our own server, then handed to each build that imports it. */
import type { Build, Bundle } from "./bundle";

export interface Runtime {
  text: string;
  /** Specifier → names that it exports. */
  names: Record<string, string[]>;
}

const ALL = "node_modules/all";
/** Our own server has it at hand; builds wait for it no longer than this (milliseconds). */
const PATIENCE = 10_000;

export function readRuntime(text: string): Runtime {
  const first = text.slice(0, text.indexOf("\n"));
  return { text, names: JSON.parse(first.replace(/^\/\/\s*/, "")) as Record<string, string[]> };
}

let fetched: Promise<Runtime> | null = null;

export function loadRuntime(): Promise<Runtime> {
  fetched ??= fetch("/rt/react.js", { credentials: "omit", signal: AbortSignal.timeout(PATIENCE) }).then(async (answer) => {
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

/** `made` with the packages that its build imports. That they cannot be loaded is one of its problems. */
export async function withPackages<Made extends Bundle>(made: Made, load: () => Promise<Runtime> = loadRuntime): Promise<Made> {
  const { build, problems } = made;
  if (build === null || build.packages.length === 0) return made;
  try {
    return { ...made, build: withRuntime(build, await load()) };
  } catch (error) {
    const message = `React could not be loaded: ${error instanceof Error ? error.message : String(error)}`;
    return { ...made, build: { ...build, partial: true }, problems: [{ level: "error", file: build.entry, line: 1, column: 1, message }, ...problems] };
  }
}
