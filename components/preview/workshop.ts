/**
 * Keeps a canvas's files and makes builds of them: in the worker, or on the page where there can be none. The parser
 * comes when a build first wants it.
 */
import { bundle, type Bundle } from "./bundle";
import type { Changes } from "./changes";
import { loadTranspile, type Transpile } from "./transpile";

export interface Order extends Changes {
  /** The page to show, or null for the canvas's own choice. */
  page: string | null;
  /** Whether every script is to be read by the parser, also those that could be shown without. */
  parse: boolean;
}

export interface Made extends Bundle {
  /** Whether the parser has read every script. Asked for and false: its code did not come; the next order asks again. */
  parsed: boolean;
  /** How long building took (milliseconds). */
  took: number;
  /** Whether that was beside the page's thread. */
  apart: boolean;
}

export class Workshop {
  private files: Record<string, string> = {};
  private transpile: Transpile | null = null;

  constructor(private load: () => Promise<Transpile> = loadTranspile) {}

  /** Take the changes and build. What only a parser can make runnable waits for it here, and for nothing else. */
  async make({ put, gone, page, parse }: Order): Promise<Made> {
    for (const path of gone) delete this.files[path];
    Object.assign(this.files, put);
    if (parse) await this.fetch();
    let made = this.build(page);
    if (made.waits && !parse && (await this.fetch())) made = this.build(page);
    return made;
  }

  private build(page: string | null): Made {
    const start = performance.now();
    const made = bundle(this.files, this.transpile, page);
    return { ...made, parsed: this.transpile !== null, took: performance.now() - start, apart: false };
  }

  private async fetch(): Promise<boolean> {
    this.transpile ??= await this.load().catch(() => null);
    return this.transpile !== null;
  }
}
