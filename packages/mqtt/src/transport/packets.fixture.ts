/** The two packets of ours as an independent reader and writer, mqtt-packet, see them. */
import { type Packet, parser } from "mqtt-packet";
import type { FrameRange } from "./frame-splitter.ts";
import { Page } from "./page.ts";
import type { ProtocolVersion } from "./transport.ts";

/** The version's number on the wire. */
export const numberOf = (protocol: ProtocolVersion): { readonly protocolVersion: number } => ({
  protocolVersion: protocol === "5" ? 5 : 4,
});

/** What the library makes of these bytes: the packets before the first fault, and whether there was one. */
export function parseWithLibrary(
  chunks: readonly Buffer[],
  protocol: ProtocolVersion,
): { readonly packets: readonly Packet[]; readonly isRefused: boolean } {
  const reader = parser(numberOf(protocol));
  const packets: Packet[] = [];
  let isRefused = false;
  reader.on("packet", (packet: Packet) => {
    if (!isRefused) packets.push(packet);
  });
  reader.on("error", () => {
    isRefused = true;
  });
  for (const chunk of chunks) {
    if (isRefused) break;
    try {
      reader.parse(chunk);
    } catch {
      isRefused = true; // on some malformed packets it throws instead of telling
    }
  }
  return { packets, isRefused };
}

/** All of these bytes as one frame. */
export const frameOf = (bytes: Buffer): FrameRange => ({ bytes, start: 0, end: bytes.length, cutFromBytes: undefined });

/** What a writer puts on a page. */
export function written(write: (page: Page) => void): Buffer {
  const page = new Page();
  write(page);
  return Buffer.concat(page.take());
}
