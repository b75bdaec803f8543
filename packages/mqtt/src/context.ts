import { AsyncLocalStorage } from "node:async_hooks";

/** What a publish inherits from the message that is being handled. */
export interface MessageContext {
  readonly correlationId: string | undefined;
  readonly traceparent: string | undefined;
}

const storage = new AsyncLocalStorage<MessageContext>();

/** Runs `work` as part of the handling of a message. */
export function inContext<T>(context: MessageContext, work: () => T): T {
  const isEmpty = context.correlationId === undefined && context.traceparent === undefined;
  // Where there is nothing to inherit and nothing to hide, a context of its own would cost more than the rest of the way.
  if (isEmpty && storage.getStore() === undefined) return work();
  return storage.run(context, work);
}

/** The message being handled, if any. */
export function currentContext(): MessageContext | undefined {
  return storage.getStore();
}
