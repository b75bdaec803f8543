/** What a service process tells the process that started it, over Node's IPC channel. */
export type SupervisionMessage =
  | { readonly type: "ready"; readonly service: string }
  /** It ends now, and why, in words for a person. */
  | { readonly type: "failed"; readonly service: string; readonly problem: string };

/** Reads a message of the channel; undefined when it is none of ours. */
export function readSupervisionMessage(message: unknown): SupervisionMessage | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { type, service, problem } = message as { type?: unknown; service?: unknown; problem?: unknown }; // looked at below
  if (typeof service !== "string") return undefined;
  if (type === "ready") return { type, service };
  return type === "failed" && typeof problem === "string" ? { type, service, problem } : undefined;
}
