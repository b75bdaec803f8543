/** Local answers that depend on the conversation: the volume of its loudspeaker, and what it said last. Pure. */
import type { Conversation } from "./conversation-state.ts";
import type { Peers } from "./peers.ts";
import type { Plan, VolumeOrder } from "./plans.ts";
import { obeyOrder } from "./timers/timers.ts";
import type { Effect } from "./turn.ts";

/** Until the loudspeaker has told it. */
const FULL_RATIO = 1;

/** What the robot answers by itself, undefined when that is for the model, with what must be done for it. */
export function answerByItself(
  conversation: Conversation,
  { uttId, atMs }: { readonly uttId: string; readonly atMs: number },
  plan: Plan,
): readonly [Conversation, readonly Effect[], text: string | undefined] {
  switch (plan.do) {
    case "answer":
    case "live":
    case "stop":
      return [conversation, [], plan.text];
    case "repeat":
      return [conversation, [], conversation.lastSaid ?? plan.otherwise];
    case "ask_model":
      return [conversation, [], undefined];
    case "timer": {
      const { timers, text } = obeyOrder(conversation.timers, plan.order, { id: uttId, atMs });
      const isChanged = timers !== conversation.timers;
      return [{ ...conversation, timers }, isChanged ? [{ do: "keep_timers", uttId, timers }] : [], text];
    }
    case "volume": {
      const [peers, order] = obey(conversation.peers, plan.order);
      const percent = Math.round((peers.volumeRatio ?? FULL_RATIO) * 100);
      const text = plan.text.replaceAll("{volume}", String(percent));
      return [{ ...conversation, peers }, [{ do: "adjust", uttId, order }], text];
    }
  }
}

type Adjustment = (Effect & { readonly do: "adjust" })["order"];

/** What tts-worker will tell a moment later counts at once: the answer must not go to a loudspeaker just muted. */
function obey(peers: Peers, order: VolumeOrder): readonly [Peers, Adjustment] {
  const { loudspeaker, volumeRatio = FULL_RATIO } = peers;
  switch (order.kind) {
    case "mute":
      return [{ ...peers, loudspeaker: loudspeaker === "up" ? "muted" : loudspeaker }, order];
    case "unmute":
      return [{ ...peers, loudspeaker: loudspeaker === "muted" ? "up" : loudspeaker }, order];
    case "set":
      return [
        { ...peers, volumeRatio: order.ratio },
        { kind: "volume", ratio: order.ratio },
      ];
    case "change": {
      const ratio = Math.round(Math.min(1, Math.max(0, volumeRatio + order.byRatio)) * 100) / 100;
      return [
        { ...peers, volumeRatio: ratio },
        { kind: "volume", ratio },
      ];
    }
  }
}
