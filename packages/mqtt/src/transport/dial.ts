import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { createWebSocketStream, WebSocket } from "ws";
import type { TransportSettings } from "./transport.ts";

/**
 * Opens the byte stream below MQTT, always without Nagle's delay (bursts take 44 ms instead of 3 with it).
 * Errors, TLS trust errors included, arrive as the stream's `error`.
 */
export function dial(settings: TransportSettings): Duplex {
  const { host, port, protocol } = settings.url;
  switch (protocol) {
    case "mqtt":
      return connectTcp({ host, port, noDelay: true });
    case "mqtts":
      return connectTls({ host, port, ...tlsOptions(settings) }).setNoDelay(true);
    case "ws":
    case "wss":
      return dialWebSocket(settings);
  }
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
