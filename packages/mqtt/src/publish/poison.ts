/**
 * Is one message the reason that the broker keeps closing the connection? Pure.
 *
 *   none ──ended soon after sending m──▶ suspect(m, 1…3) ──third time──▶ alone(m, 0…3) ──third time──▶ poison
 *
 * A PUBACK of m, or an end with another message at the head, leads back to `none`. Under `alone` nothing else is
 * in flight, so a healthy neighbour is never set aside for it.
 */
export type Suspicion =
  | { readonly kind: "none" }
  | { readonly kind: "suspect"; readonly id: string; readonly ends: number }
  | { readonly kind: "alone"; readonly id: string; readonly ends: number };

export type SuspicionEvent =
  | { readonly type: "confirmed"; readonly id: string }
  | {
      readonly type: "ended";
      /** The oldest message without PUBACK, and how long before the end it was written. */
      readonly head: { readonly id: string; readonly sinceSentMs: number } | undefined;
      readonly byPeer: boolean;
    };

/** "Soon after" and how often, before a message stands alone and again before it is set aside. */
const SOON_MS = 1_000;
const ENDS = 3;

export const UNSUSPECTED: Suspicion = Object.freeze({ kind: "none" });

/** The next state, and the id of a message to set aside, if any. */
export function step(state: Suspicion, event: SuspicionEvent): readonly [Suspicion, string | undefined] {
  if (event.type === "confirmed") {
    return state.kind !== "none" && state.id === event.id ? [UNSUSPECTED, undefined] : [state, undefined];
  }
  const { head } = event;
  if (!event.byPeer || head === undefined || head.sinceSentMs > SOON_MS) return [UNSUSPECTED, undefined];
  if (state.kind === "none" || state.id !== head.id) return [{ kind: "suspect", id: head.id, ends: 1 }, undefined];
  const ends = state.ends + 1;
  if (ends < ENDS) return [{ ...state, ends }, undefined];
  return state.kind === "suspect" ? [{ kind: "alone", id: state.id, ends: 0 }, undefined] : [UNSUSPECTED, state.id];
}

/**
 * Whether one message stands alone now: the suspect is the next to be sent, or on its way. When it is neither, it has
 * expired or was withdrawn, and nobody has to wait for it.
 */
export function standsAlone(
  state: Suspicion,
  { nextId, inflightId }: { readonly nextId: string; readonly inflightId: string | undefined },
): boolean {
  return state.kind === "alone" && (state.id === nextId || state.id === inflightId);
}
