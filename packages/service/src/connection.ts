import { readFile } from "node:fs/promises";
import type { ConnectOptions, Credentials, TlsSettings } from "@ts-tars/mqtt";
import type { Settings } from "./config/settings.ts";

type MqttReading = Settings<Record<never, never>>["mqtt"];

const SECOND_MS = 1_000;

/**
 * What `connect` is told for a service: the `mqtt` settings in the client's units, and the names that follow from the
 * service's. Files (authority, certificate, password) are read at each connection attempt, so they can be renewed.
 */
export function connectOptions(mqtt: MqttReading, service: string): ConnectOptions {
  const { values } = mqtt;
  return {
    url: values.url,
    clientId: values.clientId ?? `tars-${service}`,
    source: values.sourceName ?? service,
    protocol: values.protocol,
    control: true,
    cleanStart: values.cleanStart,
    sessionExpirySec: values.sessionExpiry,
    keepaliveSec: values.keepalive,
    reconnect: {
      minDelayMs: values.reconnectMinDelay * SECOND_MS,
      maxDelayMs: values.reconnectMaxDelay * SECOND_MS,
    },
    dedupe: { ttlMs: values.dedupeTtl * SECOND_MS, maxEntries: values.dedupeMaxEntries },
    deadLetters: { service },
    ...(values.enableHeartbeat && { heartbeat: { intervalMs: values.heartbeatInterval * SECOND_MS } }),
    ...(values.username !== undefined && { credentials: () => readCredentials(mqtt) }),
    ...(hasTlsFiles(values) && { tls: () => readTls(values) }),
  };
}

async function readCredentials({ values, origins }: MqttReading): Promise<Credentials> {
  const { path } = origins.password;
  const password = path === undefined ? values.password?.reveal() : (await readFile(path, "utf8")).trim();
  return {
    ...(values.username !== undefined && { username: values.username }),
    ...(password !== undefined && { password }),
  };
}

type TlsFiles = Pick<MqttReading["values"], "caFile" | "certFile" | "keyFile">;

const hasTlsFiles = ({ caFile, certFile, keyFile }: TlsFiles): boolean =>
  [caFile, certFile, keyFile].some((path) => path !== undefined);

async function readTls({ caFile, certFile, keyFile }: TlsFiles): Promise<TlsSettings> {
  const [ca, cert, key] = await Promise.all([caFile, certFile, keyFile].map(readIfNamed));
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
}

async function readIfNamed(path: string | undefined): Promise<Uint8Array | undefined> {
  return path === undefined ? undefined : readFile(path);
}
