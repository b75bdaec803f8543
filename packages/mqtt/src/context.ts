import { AsyncLocalStorage } from "node:async_hooks";

/** What a publish inherits from the message that is being handled. */
export interface MessageContext {
  readonly correlationId: string | undefined;
  readonly traceparent: string | undefined;
}

const storage = new AsyncLocalStorage<MessageContext>();

/** Whether nothing has to be done to be part of the handling of this message: there is nothing to inherit, and nothing to hide. */
export function isIn({ correlationId, traceparent }: MessageContext): boolean {
  return correlationId === undefined && traceparent === undefined && storage.getStore() === undefined;
}

/** Runs `work` as part of the handling of a message. */
export function inContext<T>(context: MessageContext, work: () => T): T {
  // A context of its own costs more than the rest of the way.
  return isIn(context) ? work() : storage.run(context, work);
}

/** The message being handled, if any. */
export function currentContext(): MessageContext | undefined {
  return storage.getStore();
}
