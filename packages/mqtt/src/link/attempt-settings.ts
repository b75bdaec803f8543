import { addressOf, type BrokerUrl } from "../config/broker-url.ts";
import type { ResolvedOptions } from "../resolve-options.ts";
import type { ProtocolVersion, TransportSettings } from "../transport/transport.ts";

/** A bound on one inbound packet: what may be unfinished in all. */
const MAX_INBOUND_FRAME_BYTES = 16 * 1024 * 1024;

/** The control link's client id and session: nothing of it is kept. */
const CONTROL_SUFFIX = "!c";

export interface AttemptPlan {
  readonly options: ResolvedOptions;
  readonly isControl: boolean;
  /** The last will of this attempt; asked once per attempt. */
  readonly will: () => TransportSettings["will"];
}

/**
 * Makes the settings of each connection attempt: the next node of a cluster, fresh credentials and certificates.
 * The node that failed last goes last.
 */
export function planAttempts({ options, isControl, will }: AttemptPlan) {
  let nodes: readonly BrokerUrl[] = options.urls;
  return async (attempt: { readonly protocol: ProtocolVersion; readonly previousFailed: boolean }) => {
    const [first, ...rest] = nodes;
    if (attempt.previousFailed && first !== undefined) nodes = [...rest, first];
    const [node] = nodes;
    if (node === undefined) throw new TypeError("no broker address"); // resolveOptions has refused an empty list
    const given = typeof options.credentials === "function" ? await options.credentials() : options.credentials;
    const tls = typeof options.tls === "function" ? await options.tls() : options.tls;
    const settings: TransportSettings = {
      url: node,
      protocol: attempt.protocol,
      clientId: isControl ? options.clientId + CONTROL_SUFFIX : options.clientId,
      username: given?.username ?? node.username,
      password: given?.password ?? node.password?.reveal(),
      tls,
      wsHeaders: options.wsHeaders,
      cleanStart: isControl || options.cleanStart,
      sessionExpirySec: isControl ? 0 : options.sessionExpirySec,
      keepaliveSec: options.keepaliveSec,
      receiveMaximum: options.receiveMaximum,
      maxInboundFrameBytes: MAX_INBOUND_FRAME_BYTES,
      attemptTimeoutMs: options.attemptTimeoutMs,
      will: will(),
    };
    return { settings, url: addressOf(node) };
  };
}
