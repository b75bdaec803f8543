/** What wake-activation heard, and what follows in whatever state that is. Pure. */
import { cancelled } from "./cancelling.ts";
import type { Conversation, EventOf, Step } from "./conversation-state.ts";
import { chain } from "./endings.ts";
import { openWindowOf } from "./grants.ts";
import { listen, listenAnew } from "./hearing.ts";
import { interrupt } from "./pausing.ts";
import { resume } from "./resuming.ts";
import type { Context } from "./run.ts";

/** Somebody said the wake phrase: what is said behind it is meant for the robot. */
export function called(
  conversation: Conversation,
  { captureId, fromSample }: EventOf<"called">,
  context: Context,
): Step {
  const position = { captureId, fromSample };
  switch (conversation.activity.kind) {
    case "listening":
      return listenAnew(conversation, position, context);
    case "speaking":
    case "paused":
      return interrupt(conversation, { by: "phrase", position }, context);
    case "asleep":
    case "thinking":
    case "followup":
    case "alarm":
      return listen(conversation, { uttId: context.newUttId, origin: "wake", speak: "auto", position }, context);
  }
}

/** Somebody speaks over our speech, without the phrase; where nothing of ours sounds, there is nothing to interrupt. */
export function interrupted(
  conversation: Conversation,
  { captureId, fromSample }: EventOf<"interrupted">,
  context: Context,
): Step {
  return interrupt(conversation, { by: "level", position: { captureId, fromSample } }, context);
}

/** The stop word, where nobody's words are listened to: whatever runs or waits at the site ends. */
export function stopWordHeard(conversation: Conversation, context: Context): Step {
  const { activity } = conversation;
  if (activity.kind === "listening" || openWindowOf(conversation) !== undefined) return [conversation, []];
  const stopped = cancelled(conversation, { uttId: undefined, reason: "Somebody said the stop word." }, context);
  return chain(stopped, (next) => [activity.kind === "asleep" ? next : { ...next, reason: "stop" }, []]);
}

/** Meant for another room: our speech goes on, which the reflex of wake-activation may have paused for the phrase. */
export function calledElsewhere(conversation: Conversation, context: Context): Step {
  const { activity } = conversation;
  if (activity.kind === "speaking") return [conversation, [{ do: "resume", uttId: activity.run.turn.uttId }]];
  const isReflex = activity.kind === "paused" && activity.pause.by === "loudspeaker";
  return isReflex ? resume(conversation, context) : [conversation, []];
}
