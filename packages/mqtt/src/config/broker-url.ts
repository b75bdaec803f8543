import { ConfigurationError } from "../errors.ts";
import { Secret } from "./secret.ts";

/** How the broker is spoken to: TCP, TLS, WebSocket, WebSocket over TLS. */
export type BrokerProtocol = "mqtt" | "mqtts" | "ws" | "wss";

/** A broker's address, taken apart. May be logged as it is: the password shows itself to nobody. */
export interface BrokerUrl {
  readonly protocol: BrokerProtocol;
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path and query of a WebSocket; empty for `mqtt` and `mqtts`, where one has no meaning. */
  readonly path: string;
  readonly username?: string;
  readonly password?: Secret;
}

/** The port that is meant when none is named: MQTT's registered ones, and WebSocket's own (RFC 6455). */
const DEFAULT_PORTS: Readonly<Record<BrokerProtocol, number>> = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 };

/** Where most brokers serve MQTT over WebSocket; Mosquitto takes any path. */
const DEFAULT_WS_PATH = "/mqtt";

/** An address up to where its host is missing; the standard for URLs refuses that before a port or behind a user. */
const EMPTY_HOST = /^(\s*[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?)(?=[:/?#]|\s*$)/i;

/** What people write, and what they mean. */
const MEANT: Readonly<Record<string, BrokerProtocol>> = {
  tcp: "mqtt",
  ssl: "mqtts",
  tls: "mqtts",
  tcps: "mqtts",
  http: "ws",
  https: "wss",
};

/**
 * Reads `mqtt[s]://[user[:password]@][host][:port]` or `ws[s]://…/path`; user and password are percent-decoded, the
 * host defaults to `localhost`.
 *
 * @throws {ConfigurationError} when it is not one; the message never holds the password.
 */
export function parseBrokerUrl(text: string): BrokerUrl {
  const url = URL.parse(text.replace(EMPTY_HOST, "$1localhost"));
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || !/^\s*[^:]+:\/\//.test(text)) {
    throw fault(text, "is not an address such as mqtt://localhost:1883");
  }
  if (!isProtocol(scheme)) {
    const meant = MEANT[scheme];
    throw fault(
      text,
      `has the scheme ${scheme}; ${meant === undefined ? "use mqtt, mqtts, ws or wss" : `use ${meant}`}`,
    );
  }
  if (url === null) throw fault(text, "has a host or a port that cannot be read");
  const port = url.port === "" ? DEFAULT_PORTS[scheme] : Number(url.port);
  if (port === 0) throw fault(text, "has the port 0; ports begin at 1");
  return Object.freeze({
    protocol: scheme,
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    path: pathOf(url, scheme),
    ...userOf(text, url),
  });
}

/** The address alone: what may be written anywhere, and dialled with credentials that come from elsewhere. */
export function addressOf(url: BrokerUrl): string {
  const host = url.host.includes(":") ? `[${url.host}]` : url.host;
  return `${url.protocol}://${host}:${url.port}${url.path}`;
}

/** The same text without its password and without the values of its query, for messages; readable or not. */
export function redactUrl(url: string): string {
  const start = url.indexOf("://");
  if (start < 0) return "(an address that cannot be read)";
  const rest = url.slice(start + 3);
  // Up to the last @: a password with an unencoded slash or @ must not show its tail.
  const at = rest.lastIndexOf("@");
  const user = at < 0 ? "" : `${rest.slice(0, at).split(":", 1)[0]}${rest.slice(0, at).includes(":") ? ":***" : ""}@`;
  const address = rest.slice(at + 1).replace(/[?#].*$/s, "?…");
  return `${url.slice(0, start).trim()}://${user}${address}`;
}

function isProtocol(scheme: string): scheme is BrokerProtocol {
  return Object.hasOwn(DEFAULT_PORTS, scheme);
}

function pathOf(url: URL, protocol: BrokerProtocol): string {
  if (protocol === "mqtt" || protocol === "mqtts") return "";
  return `${url.pathname === "/" || url.pathname === "" ? DEFAULT_WS_PATH : url.pathname}${url.search}`;
}

function userOf(text: string, url: URL): { readonly username?: string; readonly password?: Secret } {
  try {
    return {
      ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
      ...(url.password === "" ? {} : { password: new Secret(decodeURIComponent(url.password)) }),
    };
  } catch {
    throw fault(text, "has a user or a password whose percent signs encode nothing; write % itself as %25");
  }
}

function fault(text: string, what: string): ConfigurationError {
  return new ConfigurationError({ problems: [`The broker's address ${redactUrl(text)} ${what}`] });
}
