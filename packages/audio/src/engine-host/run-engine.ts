import { AudioError } from "../errors.ts";
import type { FromEngine, ToEngine } from "./engine-messages.ts";

/** An engine inside its own process; it may block as it likes, and is simply killed at the end. */
export interface Engine<Order> {
  /** One order after the other; the next waits until this one is finished. Throwing ends the process. */
  handle(order: Order): void | Promise<void>;
}

/**
 * Makes this process the child of an `openEngineHost`: the only call of an engine's entry file. `create` gets what the host was
 * opened with, and a way to tell news; it throws when the engine cannot start here (an `AudioError` with a remedy, best). The process
 * ends with its parent.
 */
export function runEngine<Init, Order, News>(
  create: (init: Init, tell: (news: News) => void) => Engine<Order> | Promise<Engine<Order>>,
): void {
  const say = (message: FromEngine<News>, said?: () => void): void => {
    // Without a channel the parent is gone, and `disconnect` ends us.
    process.send?.(message, undefined, undefined, said ?? (() => undefined));
  };
  const fail = (during: "starting" | "working", error: unknown): void => {
    // The whole error is for the log, which gets the last lines; the message for people.
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    say({ kind: "failed", while: during, ...wordsOf(error) }, () => process.exit(1));
  };
  let engine: Engine<Order> | undefined;
  const obey = async (message: ToEngine<Init, Order>): Promise<void> => {
    if (message.kind === "init") {
      engine = await create(message.init, (news) => say({ kind: "news", news }));
      return say({ kind: "up" });
    }
    if (message.kind === "order") await engine?.handle(message.order);
    say({ kind: "done" });
  };

  let last = Promise.resolve();
  process.on("message", (message) => {
    // Only the host of this package holds the other end of the channel.
    const order = message as ToEngine<Init, Order>; // the host's own words
    last = last.then(() => obey(order)).catch((error) => fail(engine === undefined ? "starting" : "working", error));
  });
  process.on("disconnect", () => process.exit(0));
}

function wordsOf(error: unknown): { readonly message: string; readonly remedy?: string } {
  if (error instanceof AudioError) return { message: error.message, remedy: error.remedy };
  return { message: error instanceof Error ? error.message : String(error) };
}
