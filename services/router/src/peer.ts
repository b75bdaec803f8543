/**
 * Whether another service is there, by what `system/health/{service}` says. Pure.
 *
 *   unseen ──ok──▶ here ──goodbye, last will──▶ missing ──not back in `graceMs`──▶ gone
 *                    └──────── silent for `silentMs` ────────────────────────────▶ gone ──ok──▶ here
 *
 * A retained value opens the eyes, it proves nothing: what depends on a peer has deadlines of its own. A last will
 * counts only for the connection that was announced last. Another `boot` means that what the peer had in hand is lost.
 */
export type Peer =
  | { readonly kind: "unseen" }
  | { readonly kind: "here"; readonly boot: string; readonly session: string; readonly seenAtMs: number }
  | { readonly kind: "missing"; readonly boot: string; readonly sinceMs: number }
  | { readonly kind: "gone"; readonly boot: string };

/** What a health message says. */
export interface Sign {
  readonly ok: boolean;
  readonly boot: string;
  /** Of the connection. */
  readonly session: string;
}

export interface Patience {
  readonly graceMs: number;
  readonly silentMs: number;
}

export const DEFAULT_PATIENCE: Patience = { graceMs: 3_000, silentMs: 45_000 };

export const UNSEEN: Peer = { kind: "unseen" };

/** The next state, and whether what the peer had in hand is lost just now. */
export type Watch = readonly [Peer, isLost: boolean];

export function see(peer: Peer, { ok, boot, session }: Sign, atMs: number): Watch {
  if (ok) {
    const isRestarted = (peer.kind === "here" || peer.kind === "missing") && peer.boot !== boot;
    return [{ kind: "here", boot, session, seenAtMs: atMs }, isRestarted];
  }
  if (peer.kind === "unseen") return [{ kind: "gone", boot }, false];
  if (peer.kind !== "here" || peer.session !== session) return [peer, false];
  return [{ kind: "missing", boot: peer.boot, sinceMs: atMs }, false];
}

/** When time itself will tell; undefined while nothing is awaited. */
export function goneAtMs(peer: Peer, { graceMs, silentMs }: Patience): number | undefined {
  if (peer.kind === "here") return peer.seenAtMs + silentMs;
  return peer.kind === "missing" ? peer.sinceMs + graceMs : undefined;
}

export function wait(peer: Peer, atMs: number, patience: Patience): Watch {
  const due = goneAtMs(peer, patience);
  if (due === undefined || due > atMs || peer.kind === "unseen") return [peer, false];
  return [{ kind: "gone", boot: peer.boot }, true];
}

/** Who is missing for a moment is still counted on. */
export function standingOf({ kind }: Peer): "unseen" | "up" | "down" {
  if (kind === "unseen") return "unseen";
  return kind === "gone" ? "down" : "up";
}
