/** The parent's side of a process of the bench. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { within } from "@ts-tars/harness";
import type { Answer } from "./peer-orders.ts";

/** The longest order is a pace of some seconds; under a debugger or on a small machine it may take longer. */
const ORDER_MS = 180_000;

export class PeerProcess<Order extends { readonly do: string }, Said = never> implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #file: string;
  #settle: ((answer: Answer<unknown>) => void) | undefined;

  /** `file` is a module beside this one that calls `servePeer`; what it says out of turn goes to `onSaid`. */
  constructor(file: string, onSaid: (said: Said) => void = () => undefined) {
    this.#file = file;
    this.#child = fork(fileURLToPath(new URL(file, import.meta.url)), {
      execArgv: ["--conditions=ts-tars-source", "--expose-gc"],
    });
    this.#exited = once(this.#child, "exit");
    this.#child.on("message", (message: Answer<unknown> | Said) => {
      if (isAnswer(message)) this.#settle?.(message);
      else onSaid(message);
    });
    this.#child.once("exit", (code) => this.#settle?.({ failed: `its process ended with code ${code}` }));
  }

  /** Gives an order and resolves with its answer. One at a time. @throws what the process threw. */
  async order<T>(order: Order): Promise<T> {
    const answered = new Promise<Answer<unknown>>((resolve) => {
      this.#settle = resolve;
    });
    this.#child.send(order);
    const answer = await within(ORDER_MS, answered, () => `${this.#file} has not finished to ${order.do}`);
    if ("failed" in answer) throw new Error(`${this.#file} could not ${order.do}: ${answer.failed}`);
    return answer.answer as T; // the peer's module and its caller agree on it
  }

  /** Says something that is not answered. */
  tell(said: object): void {
    if (this.#child.connected) this.#child.send(said);
  }

  /** Ends the process at once: there is nothing in it that anybody needs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }
}

function isAnswer(message: unknown): message is Answer<unknown> {
  return typeof message === "object" && message !== null && ("answer" in message || "failed" in message);
}
