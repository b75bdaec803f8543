/**
 * What a reader may believe of another client's presence. Pure.
 *
 *   (nothing) ──retained alive──▶ unverified ──live of that session──▶ alive ──will of its session──▶ lost
 *                                     └───────45 s of silence───────────┴──▶ unknown
 *
 * 1. A retained value is never proof of life: after a power cut the last "ok" stays, for wills die with the broker.
 * 2. A will counts only for the session whose birth came last: a late one of an earlier connection is ignored.
 * 3. With no birth seen yet a will is believed: the client is shown as lost.
 * 4. The broker's copy of what was said already is no word either: silence goes on, however often the reader reconnects.
 */
export type PresenceView<Value> =
  | {
      readonly kind: "unverified" | "alive";
      readonly value: Value;
      readonly session: string | undefined;
      readonly heardAtMs: number;
    }
  | { readonly kind: "unknown"; readonly value: Value; readonly session: string | undefined }
  | { readonly kind: "lost"; readonly value: Value; readonly session: string | undefined }
  | { readonly kind: "absent" };

export type PresenceEvent<Value> =
  | {
      readonly type: "heard";
      readonly value: Value;
      readonly session: string | undefined;
      readonly isAlive: boolean;
      readonly retained: boolean;
      readonly nowMs: number;
    }
  | { readonly type: "cleared" }
  | { readonly type: "looked"; readonly nowMs: number };

/** Nothing was ever heard, or the owner cleared it. */
export const ABSENT = Object.freeze({ kind: "absent" } as const);

/** The next view. `silenceMs`: how long without a word until life is no longer believed. */
export function step<Value>(
  view: PresenceView<Value>,
  event: PresenceEvent<Value>,
  { silenceMs }: { readonly silenceMs: number },
): PresenceView<Value> {
  switch (event.type) {
    case "cleared":
      return ABSENT;
    case "looked": {
      if (view.kind !== "alive" && view.kind !== "unverified") return view;
      if (event.nowMs - view.heardAtMs < silenceMs) return view;
      return { kind: "unknown", value: view.value, session: view.session };
    }
    case "heard": {
      const { value, session, nowMs } = event;
      if (event.isAlive)
        return event.retained ? keptByBroker(view, event) : { kind: "alive", value, session, heardAtMs: nowMs };
      const isLate = view.kind !== "absent" && view.kind !== "lost" && view.session !== session;
      return isLate ? view : { kind: "lost", value, session };
    }
  }
}

/** A retained word of life: of a session that was heard before it proves as little as it did then. */
function keptByBroker<Value>(
  view: PresenceView<Value>,
  { value, session, nowMs }: Extract<PresenceEvent<Value>, { type: "heard" }>,
): PresenceView<Value> {
  const isKnown = view.kind !== "absent" && view.session === session;
  if (isKnown && view.kind === "unknown") return { kind: "unknown", value, session };
  const isHeard = isKnown && view.kind !== "lost" && view.kind !== "unknown";
  return { kind: "unverified", value, session, heardAtMs: isHeard ? view.heardAtMs : nowMs };
}
