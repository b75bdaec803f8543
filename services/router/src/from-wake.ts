/** What wake-activation heard, as events: the contracts' words become those of the conversation. */
import { type WakeEvent, wakeEvent } from "@ts-tars/contracts";
import type { Subscription } from "@ts-tars/mqtt";
import type { Hearer } from "./inbound.ts";
import type { Happening } from "./site.ts";

/** Becomes active with the connection. */
export function subscribeToWake({ client, inbox }: Pick<Hearer, "client" | "inbox">): Subscription {
  return client.subscribe(wakeEvent, ({ data }) => {
    const happening = happeningOf(data);
    if (happening !== undefined) inbox.post({ type: "at_site", siteId: data.site_id, happening });
  });
}

/** Of the reference's other types nothing follows: what they report router decides itself. */
function happeningOf(event: WakeEvent): Happening | undefined {
  const { type, cause, capture_id: captureId } = event;
  const isPhrase = type === "wake" || (type === "interrupt" && (cause === "double_wake" || cause === "wake_phrase"));
  if (isPhrase) return { type: "called", captureId, fromSample: event.phrase_end_sample };
  if (type !== "interrupt") return undefined;
  if (cause === "stop_word") return { type: "stop_word_heard" };
  return { type: "interrupted", captureId, fromSample: event.onset_sample };
}
