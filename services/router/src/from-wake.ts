/** What wake-activation heard, as events: the contracts' words become those of the conversation. */
import { type WakeEvent, wakeEvent } from "@ts-tars/contracts";
import type { Subscription } from "@ts-tars/mqtt";
import type { Hearer, Inbound } from "./inbound.ts";

/** Becomes active with the connection. */
export function subscribeToWake({ client, inbox }: Pick<Hearer, "client" | "inbox">): Subscription {
  return client.subscribe(wakeEvent, ({ data }) => {
    const heard = heardIn(data);
    if (heard !== undefined) inbox.post(heard);
  });
}

/** Of the reference's other types nothing follows: what they report router decides itself. */
function heardIn(event: WakeEvent): Inbound | undefined {
  const { type, cause, site_id: siteId, capture_id: captureId, over_floor_db: overFloorDb } = event;
  const isPhrase = type === "wake" || (type === "interrupt" && (cause === "double_wake" || cause === "wake_phrase"));
  if (isPhrase) {
    return { type: "call_heard", call: { siteId, captureId, fromSample: event.phrase_end_sample, overFloorDb } };
  }
  if (type !== "interrupt") return undefined;
  if (cause === "stop_word") return { type: "at_site", siteId, happening: { type: "stop_word_heard" } };
  const happening = { type: "interrupted", captureId, fromSample: event.onset_sample } as const;
  return { type: "at_site", siteId, happening };
}
