/** What this process prints: the console and both standard streams. */
import { format } from "node:util";
import { lookAt } from "../suite-watch.ts";

const CONSOLE_METHODS = ["debug", "error", "info", "log", "trace", "warn"] as const;

/** Hooks into both, for good. Vitest's console does not go through the standard streams. */
export function watchOutput(): void {
  for (const method of CONSOLE_METHODS) {
    // biome-ignore lint/suspicious/noConsole: nothing is printed here that was not printed anyway
    const print = console[method].bind(console);
    console[method] = (...words: unknown[]) => {
      lookAt({ kind: "line", where: `console.${method}`, text: format(...words) });
      print(...words);
    };
  }
  for (const [name, stream] of [
    ["standard output", process.stdout],
    ["standard error", process.stderr],
  ] as const) {
    stream.write = new Proxy(stream.write, {
      apply: (write, self, given: Parameters<typeof stream.write>) => {
        const [chunk] = given;
        const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("latin1");
        lookAt({ kind: "line", where: name, text });
        return Reflect.apply(write, self, given);
      },
    });
  }
}
