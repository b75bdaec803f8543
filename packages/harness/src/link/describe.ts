import type { LinkPacket } from "./record.ts";

/** One line: `#12 c1 up publish id=3 qos=1 tts/say 120 B (not forwarded)`. */
export function describePacket(packet: LinkPacket): string {
  const { index, connection, direction, kind, bytes, forwarded, verdict } = packet;
  const what = kind === "packet" ? describeContent(packet) : kind;
  const fate = verdict === "forward" ? (forwarded ? "" : " (not forwarded)") : ` (${verdict})`;
  return `#${index} c${connection} ${direction} ${what} ${bytes.length} B${fate}`;
}

function describeContent({ packet }: LinkPacket): string {
  if (packet === undefined) return "";
  const id = packet.messageId === undefined ? "" : ` id=${packet.messageId}`;
  if (packet.cmd === "publish") {
    const flags = `${packet.dup ? " dup" : ""}${packet.retain ? " retain" : ""}`;
    return `publish${id} qos=${packet.qos}${flags} ${packet.topic}`;
  }
  const code =
    "reasonCode" in packet && packet.reasonCode !== undefined ? ` reason=0x${packet.reasonCode.toString(16)}` : "";
  return `${packet.cmd}${id}${code}`;
}
