/** What the watch looks at. */

/** `retained` is a message too, one that the broker keeps. */
export const SIGHT_KINDS = ["line", "error", "inspection", "message", "retained"] as const;

/** One thing that passed by. */
export interface Sight {
  /** `line`: a log record, or a line of standard output or error, of this process or of a child. */
  readonly kind: (typeof SIGHT_KINDS)[number];
  /** A topic for messages; else what wrote, threw or was inspected. */
  readonly where: string;
  readonly text: string;
  /** A line of a log that is set to debug, where private words may stand (`createLog`). */
  readonly isAtDebug?: boolean;
}

/** A planted text where it must not be. It is not repeated: what is told of it is where it was seen. */
export interface Leak {
  readonly planted: "secret" | "words";
  readonly kind: Sight["kind"];
  readonly where: string;
  /** The core that it was recognised by, or what was said of a learnt secret. */
  readonly marker: string;
}

/** How many of each kind were looked at. */
export type SightCounts = Readonly<Record<Sight["kind"], number>>;

/** Nothing. */
export const NO_SIGHTS: SightCounts = { line: 0, error: 0, inspection: 0, message: 0, retained: 0 };

/** One line for a person. */
export function describeLeak({ planted, kind, where, marker }: Leak): string {
  const what = planted === "secret" ? "A planted secret" : "Planted private words";
  const place: Readonly<Record<Sight["kind"], string>> = {
    line: `in a line of ${where}`,
    error: `in an error: ${where}`,
    inspection: `in the inspection of ${where}`,
    message: `in a message on ${where}`,
    retained: `in a retained message on ${where}`,
  };
  return `${what} (${marker}) ${planted === "secret" ? "was" : "were"} seen ${place[kind]}`;
}
