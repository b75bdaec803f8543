/** Times at which a message passed a subscriber by because its client had seen to it. Pure. */
import type { Attachment } from "./recording.ts";

/** From CONNACK until the SUBSCRIBE of a client that means to hear anything; ample, on any machine. */
const SUBSCRIBED_WITHIN_MS = 3_000;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Tells whether what the broker took at that moment was lost to the subscriber by its own client's doing: it stood connected
 * with a new session and never subscribed, or it was away and gave its session up when it came back.
 */
export function neglectOf(attachments: readonly Attachment[]): (atMs: number) => boolean {
  const spans = [...deafSpans(attachments), ...givenUpSpans(attachments)];
  return (atMs) => spans.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
}

/**
 * Tells of a connection whether its client began the next one without its session: what the broker had sent on it and the client
 * had not acknowledged would have come again.
 */
export function givenUpOf(attachments: readonly Attachment[]): (connection: number) => boolean {
  return (connection) => attachments.find((each) => each.connection > connection)?.isCleanStart === true;
}

/** A session is heard from its first SUBSCRIBE on, over as many connections as it lasts. */
function deafSpans(attachments: readonly Attachment[]): readonly Span[] {
  let isHeard = false;
  return attachments.flatMap(({ sessionPresent, hasSubscribed, connectedAtMs, endedAtMs }) => {
    isHeard = (sessionPresent && isHeard) || hasSubscribed;
    return isHeard ? [] : [{ fromMs: connectedAtMs + SUBSCRIBED_WITHIN_MS, toMs: endedAtMs }];
  });
}

function givenUpSpans(attachments: readonly Attachment[]): readonly Span[] {
  return attachments.flatMap(({ isCleanStart, connectedAtMs }, index) => {
    const before = attachments[index - 1];
    return isCleanStart && before !== undefined ? [{ fromMs: before.endedAtMs, toMs: connectedAtMs }] : [];
  });
}
