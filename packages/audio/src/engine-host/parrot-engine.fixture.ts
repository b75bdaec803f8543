/** An engine that does what it is told, also what no engine should; run as the child of an `openEngineHost`. */
import { existsSync } from "node:fs";
import { EngineError } from "../errors.ts";
import { runEngine } from "./run-engine.ts";

export interface ParrotInit {
  /** It refuses to start as long as this file is missing. */
  readonly model?: string;
  /** What it does instead of starting. */
  readonly start?: "throw" | "hang" | "crash";
}

export type ParrotOrder =
  | { readonly do: "repeat"; readonly pcm: Int16Array }
  | { readonly do: "tell_pid" }
  | { readonly do: "crash" | "throw" | "exit" | "loop" | "sleep" };

export type ParrotNews = { readonly pcm: Int16Array } | { readonly pid: number };

runEngine<ParrotInit, ParrotOrder, ParrotNews>(({ model, start }, tell) => {
  if (model !== undefined && !existsSync(model)) {
    throw new EngineError("the model is missing.", { remedy: "Install it: sudo apt install parrot" });
  }
  if (start === "throw") throw new Error("no such library");
  if (start === "hang") loop();
  if (start === "crash") crash();
  return {
    handle: (order) => {
      switch (order.do) {
        case "repeat":
          return tell({ pcm: order.pcm });
        case "tell_pid":
          return tell({ pid: process.pid });
        case "crash":
          process.stderr.write("parrot.c: segmentation follows\n");
          return crash();
        case "throw":
          throw new EngineError("the dictionary is damaged.", { remedy: "Install it anew." });
        case "exit":
          return process.exit(7);
        case "loop":
          return loop();
        case "sleep":
          // Like a native call on another thread that never ends: the event loop is free.
          return new Promise<void>(() => undefined);
      }
    },
  };
});

function loop(): void {
  while (performance.now() >= 0);
}

function crash(): void {
  process.kill(process.pid, "SIGSEGV");
  loop();
}
