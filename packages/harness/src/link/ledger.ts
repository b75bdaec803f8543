import { type Recorder, recorder } from "../recorder.ts";
import { describePacket } from "./describe.ts";
import type { Draft, LinkPacket } from "./record.ts";
import type { Arrival } from "./side.ts";
import type { Interceptor, Verdict } from "./verdict.ts";

/** A link's record, and whoever decides about what is in it. */
export interface Ledger {
  readonly record: Recorder<LinkPacket>;
  note(arrival: Arrival): { readonly record: Draft<LinkPacket>; readonly verdict: Verdict };
  intercept(interceptor: Interceptor): () => void;
}

/** An empty record. */
export function openLedger(): Ledger {
  const record = recorder<LinkPacket>(describePacket);
  const interceptors = new Set<Interceptor>();
  return {
    record,
    note: (arrival) => {
      const draft: Draft<LinkPacket> = {
        ...arrival,
        index: record.seen.length,
        atMs: performance.now(),
        verdict: "forward",
        sentBytes: arrival.bytes.length,
        forwardedBytes: 0,
        forwarded: false,
        forwardedAtMs: undefined,
      };
      const verdict = decide(interceptors, draft);
      draft.verdict = typeof verdict === "string" ? verdict : "replace";
      record.push(draft);
      return { record: draft, verdict };
    },
    intercept: (interceptor) => {
      interceptors.add(interceptor);
      return () => void interceptors.delete(interceptor);
    },
  };
}

/** The first interceptor with an opinion decides. */
function decide(interceptors: ReadonlySet<Interceptor>, packet: LinkPacket): Verdict {
  for (const interceptor of interceptors) {
    const verdict = interceptor(packet);
    if (verdict !== undefined) return verdict;
  }
  return "forward";
}
