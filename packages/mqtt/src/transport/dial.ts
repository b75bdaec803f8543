import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { createWebSocketStream, WebSocket } from "ws";
import { Intake } from "./intake.ts";
import type { TransportSettings } from "./transport.ts";

/** A byte stream, and how its bytes come. */
export interface Line {
  readonly stream: Duplex;
  /** To be called in the turn in which the line was opened, once: nothing has come by then. */
  listen(take: (chunk: Buffer) => void): void;
}

/**
 * Opens the byte stream below MQTT, always without Nagle's delay (bursts take 44 ms instead of 3 with it).
 * Errors, TLS trust errors included, arrive as the stream's `error`.
 */
export function dial(settings: TransportSettings): Line {
  const { host, port, protocol } = settings.url;
  switch (protocol) {
    case "mqtt":
      return dialTcp(host, port);
    case "mqtts":
      return lineOf(connectTls({ host, port, ...tlsOptions(settings) }).setNoDelay(true));
    case "ws":
    case "wss":
      return lineOf(dialWebSocket(settings));
  }
}

/** Whose bytes come as the stream's own chunks. */
export function lineOf(stream: Duplex): Line {
  return { stream, listen: (take) => void stream.on("data", take) };
}

/** Reads into pages of its own: an eighth less to compute where reads are small (decision 43). */
function dialTcp(host: string, port: number): Line {
  const intake = new Intake();
  let take: (chunk: Buffer) => void = () => undefined;
  const stream = connectTcp({
    ...{ host, port, noDelay: true },
    onread: {
      buffer: () => intake.space(),
      callback: (bytes) => {
        take(intake.take(bytes));
        return true;
      },
    },
  });
  return {
    stream,
    listen: (taker) => {
      take = taker;
    },
  };
}

function tlsOptions({ tls, url }: TransportSettings) {
  const servername = tls?.servername ?? (/^[\d.]+$|:/.test(url.host) ? undefined : url.host);
  return {
    ...(tls?.ca !== undefined && { ca: Buffer.from(tls.ca) }),
    ...(tls?.cert !== undefined && { cert: Buffer.from(tls.cert) }),
    ...(tls?.key !== undefined && { key: Buffer.from(tls.key) }),
    ...(tls?.alpnProtocols !== undefined && { ALPNProtocols: [...tls.alpnProtocols] }),
    ...(servername !== undefined && { servername }),
  };
}

function dialWebSocket(settings: TransportSettings): Duplex {
  const { protocol, host, port, path } = settings.url;
  const authority = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  const socket = new WebSocket(`${protocol}://${authority}${path}`, ["mqtt"], {
    ...tlsOptions(settings),
    ...(settings.wsHeaders !== undefined && { headers: settings.wsHeaders }),
    handshakeTimeout: settings.attemptTimeoutMs,
    perMessageDeflate: false,
    maxPayload: settings.maxInboundFrameBytes,
  });
  return createWebSocketStream(socket);
}
