/** What the wake phrase leads to, in whatever state it is heard. Pure. */
import type { Conversation, EventOf, Step } from "./conversation-state.ts";
import { listen, listenAnew } from "./hearing.ts";
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
    case "asleep":
    case "thinking":
    case "speaking":
    case "followup":
      return listen(conversation, { uttId: context.newUttId, origin: "wake", speak: "auto", position }, context);
  }
}
