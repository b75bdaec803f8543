/** The child's side: obeys orders one after the other, and answers each. */
import type { Answer } from "./peer-orders.ts";

/** Runs until the parent is gone. What is no order goes to `overhear`. */
export function servePeer<Order extends { readonly do: string }, Said>(
  obey: (order: Order) => Promise<unknown>,
  overhear: (said: Said) => void = () => undefined,
): void {
  process.on("message", (message: Order | Said) => {
    if (!isOrder<Order>(message)) {
      overhear(message);
      return;
    }
    obey(message).then(
      (answer) => reply({ answer: answer ?? null }),
      (error: unknown) => reply({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once("disconnect", () => process.exit());
}

function reply(answer: Answer<unknown>): void {
  process.send?.(answer);
}

function isOrder<Order extends { readonly do: string }>(message: unknown): message is Order {
  return typeof message === "object" && message !== null && "do" in message;
}
