import type { Received } from "../api.ts";
import { isValidTopicName, type RequestPair } from "../contract/index.ts";
import { MqttError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Publisher } from "../publish/publisher.ts";
import { describeError } from "../receive/dead-letter.ts";
import type { InboundPublish } from "../transport/transport.ts";

type Answer = (message: Received<unknown>) => unknown;

/**
 * Turns an answering function into a handler that publishes the reply. What it throws travels to the asker as the
 * envelope's `error`; the request is then done with, for the asker knows.
 */
export function createResponder(
  pair: RequestPair,
  answer: Answer,
  { publisher, log }: { readonly publisher: Pick<Publisher, "publish">; readonly log: Log },
) {
  return async (message: Received<unknown>, packet: InboundPublish): Promise<void> => {
    const address = packet.responseTopic;
    const shared = {
      replyToId: message.id,
      ...(message.correlationId !== undefined && { correlationId: message.correlationId }),
      // A foreign MQTT 5 peer says where it waits; ours find the reply on the contract's topic.
      ...(address !== undefined && isValidTopicName(address) && { address, correlationData: packet.correlationData }),
    };
    try {
      const data = await answer(message);
      publisher.publish(pair.reply, data, shared);
    } catch (error) {
      log.warn({ topic: pair.request.filter, id: message.id, ...loggable(error, pair) }, "request failed");
      publisher.publish(pair.reply, undefined, { ...shared, error: describe(error) });
    }
  };
}

/** The text of an error may quote the message: of a private one only its kind is logged. */
function loggable(error: unknown, { request, reply }: RequestPair) {
  const isPrivate = request.private || reply.private;
  return isPrivate ? { error: describeError(error, { isPrivate }) } : { err: error };
}

function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: "error", message: String(error) };
  const code =
    error instanceof MqttError
      ? error.code
      : "code" in error && typeof error.code === "string"
        ? error.code
        : error.name;
  return { code, message: error.message };
}
