/** What people and programs want, as events: the contracts' words become those of the conversation. */
import { type TurnListen, turnAsk, turnCancel, turnListen, turnSay, turnState } from "@ts-tars/contracts";
import type { Subscription } from "@ts-tars/mqtt";
import type { Hearer } from "./inbound.ts";
import type { Happening } from "./site.ts";

/** Each becomes active with the connection. */
export function subscribeToPeople({ client, inbox, boot, interpret, newId, met }: Hearer): readonly Subscription[] {
  return [
    // Handled when the question is answered, or on its way to the model and in `turn/state`.
    client.subscribe(turnAsk, async ({ data: { utt_id: uttId, text, site_id: siteId, speak, origin } }) => {
      await met;
      const { meaning, plan } = interpret(text);
      const turn = { uttId, origin, text, meaning };
      return inbox.handled({ type: "at_site", siteId, happening: { type: "asked", turn, speak, plan } });
    }),
    client.subscribe(turnListen, ({ data }) => {
      inbox.post({ type: "at_site", siteId: data.site_id, happening: buttonOf(data, newId()) });
    }),
    client.subscribe(turnSay, async ({ data: { utt_id: uttId, text, site_id: siteId } }) => {
      await met;
      return inbox.handled({
        type: "at_site",
        siteId,
        happening: { type: "announced", turn: { uttId, origin: "say", text } },
      });
    }),
    client.subscribe(turnCancel, ({ data: { utt_id: uttId, site_id: siteId, reason }, source }) => {
      // What we told the workers ourselves is no news.
      if (source === client.source) return;
      const happening: Happening = { type: "cancelled", uttId, reason };
      inbox.post(
        siteId === undefined || siteId === "*"
          ? { type: "to_turn", happening }
          : { type: "at_site", siteId, happening },
      );
    }),
    client.subscribe(turnState, ({ data }) => {
      if (data.boot === boot) return;
      const isGranted = data.grant === "open" || data.state === "listening";
      const isOver = data.state === "followup";
      const happening: Happening = { type: "found", uttId: data.utt_id, isOver, asks: data.asks, isGranted };
      inbox.post({ type: "at_site", siteId: data.site_id, happening });
    }),
  ];
}

function buttonOf(
  { action, speak = "auto", utt_id, capture_id: captureId, from_sample: fromSample, to_sample: toSample }: TurnListen,
  newUttId: string,
): Happening {
  if (action === "stop") return { type: "listen_stopped", toSample };
  if (action === "drop") return { type: "listen_dropped" };
  return { type: "listen_started", uttId: utt_id ?? newUttId, speak, captureId, fromSample };
}
