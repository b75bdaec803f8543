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
function happeningOf({ type, capture_id: captureId, phrase_end_sample: fromSample }: WakeEvent): Happening | undefined {
  return type === "wake" ? { type: "called", captureId, fromSample } : undefined;
}
