import type { InboundPublish } from "../transport/transport.ts";

/**
 * A packet whose payload keeps no more memory than its own. As it came it is a view of the page that the system wrote it to: one slow
 * message would keep 64 kB.
 */
export function detached(packet: InboundPublish): InboundPublish {
  const { payload } = packet;
  if (2 * payload.byteLength >= payload.buffer.byteLength) return packet;
  // Not `Buffer.from`, whose small ones are views of a common page again.
  const own = Buffer.allocUnsafeSlow(payload.byteLength);
  payload.copy(own);
  return { ...packet, payload: own };
}
