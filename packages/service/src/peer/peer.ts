/**
 * Whether another service is there, by what `system/health/{service}` says. Pure.
 *
 *   unseen ──ok──▶ here ──goodbye, last will──▶ missing ──not back in `graceMs`──▶ gone
 *                    └──────── silent for `silentMs` ────────────────────────────▶ gone ──ok──▶ here
 *
 * A retained value opens the eyes, it proves nothing: what depends on a peer has deadlines of its own. A last will
 * counts only for the connection that was announced last. Another `boot` means that what the peer had in hand is lost:
 * that is what this is for. What a person may believe of a service is `readPresence` of the client.
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

/** How long a peer may be away after its goodbye, and how long it may say nothing at all. */
export interface Patience {
  readonly graceMs: number;
  readonly silentMs: number;
}

/** 3 s cover a quick restart of a connection; 45 s are three of the health messages that come every 15 s. */
export const DEFAULT_PATIENCE: Patience = Object.freeze({ graceMs: 3_000, silentMs: 45_000 });

/** Before the first word of it: who was never there cannot be lost. */
export const UNSEEN: Peer = Object.freeze({ kind: "unseen" });

/** The next state, and whether what the peer had in hand is lost just now. */
export type Watch = readonly [Peer, isLost: boolean];

/** Takes in what the peer's health says, heard at `atMs` on a monotonic clock. */
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

/** Takes in that time has passed without a word; `goneAtMs` says when to look. */
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
