/** What is missing, and what helps, of whatever was thrown. Pure. */

/** As the health tells it: a sentence each. */
export interface Lack {
  readonly reason: string;
  readonly remedy: string;
}

export function lackOf(error: unknown): Lack {
  const reason = error instanceof Error ? error.message : String(error);
  const remedy = typeof error === "object" && error !== null && "remedy" in error ? String(error.remedy) : "";
  return { reason, remedy: remedy === "" ? "Look in the log of tts-worker." : remedy };
}
