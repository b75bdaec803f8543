/**
 * Whether the router is there, for services that do its will. Pure.
 *
 * It is lost when it has said goodbye (or its last will came) and has not come back within `graceMs`, when it was
 * silent for `silentMs`, and at once when another process took its place: what it wanted is void then.
 */
export type Conductor =
  | { readonly kind: "unseen" }
  | { readonly kind: "here"; readonly boot: string; readonly session: string; readonly seenAtMs: number }
  | { readonly kind: "missing"; readonly boot: string; readonly sinceMs: number }
  | { readonly kind: "lost"; readonly boot: string };

/** What `system/health/router` says. */
export interface Sign {
  readonly ok: boolean;
  readonly boot: string;
  /** Of the connection; a last will counts only for the one that was announced last. */
  readonly session: string;
}

/** How long the router may be away after its goodbye, and how long it may say nothing at all. */
export interface Patience {
  readonly graceMs: number;
  readonly silentMs: number;
}

/** 3 s as 04 wants it; 45 s are three of the health messages that come every 15 s. */
export const DEFAULT_PATIENCE: Patience = { graceMs: 3_000, silentMs: 45_000 };

/** Before the first word of it: who was never there cannot be lost. */
export const UNSEEN: Conductor = { kind: "unseen" };

/** The next state, and whether the router is lost just now. */
export type Watch = readonly [Conductor, isLost: boolean];

/** Takes in what the router's health says, heard at `atMs` on a monotonic clock. */
export function see(conductor: Conductor, sign: Sign, atMs: number): Watch {
  if (sign.ok) {
    const isOther = conductor.kind !== "unseen" && conductor.boot !== sign.boot;
    const here: Conductor = { kind: "here", boot: sign.boot, session: sign.session, seenAtMs: atMs };
    return [here, isOther && conductor.kind !== "lost"];
  }
  if (conductor.kind !== "here" || conductor.session !== sign.session) return [conductor, false];
  return [{ kind: "missing", boot: conductor.boot, sinceMs: atMs }, false];
}

/** When time itself will tell; undefined while nothing is awaited. */
export function lostAtMs(conductor: Conductor, { graceMs, silentMs }: Patience): number | undefined {
  if (conductor.kind === "here") return conductor.seenAtMs + silentMs;
  return conductor.kind === "missing" ? conductor.sinceMs + graceMs : undefined;
}

/** Takes in that time has passed without a word; `lostAtMs` says when to look. */
export function wait(conductor: Conductor, atMs: number, patience: Patience): Watch {
  const due = lostAtMs(conductor, patience);
  if (due === undefined || due > atMs || conductor.kind === "unseen") return [conductor, false];
  return [{ kind: "lost", boot: conductor.boot }, true];
}
