import type { Packet } from "mqtt-packet";
import { encodePacket } from "./decode.ts";
import type { LinkPacket } from "./record.ts";

/** What an interceptor decides on one packet: let it pass, swallow it, or send something else instead. */
export type Verdict = "forward" | "drop" | { readonly replace: Packet | Uint8Array };

/** Sees every packet before it goes on. Nothing returned means `forward`. */
export type Interceptor = (packet: LinkPacket) => Verdict | undefined;

/** What goes on in place of `frame`; undefined when nothing does. */
export function applyVerdict(frame: Buffer, verdict: Verdict, protocolVersion: number): Buffer | undefined {
  if (verdict === "forward") return frame;
  if (verdict === "drop") return undefined;
  const { replace } = verdict;
  return replace instanceof Uint8Array ? Buffer.from(replace) : encodePacket(replace, protocolVersion);
}
