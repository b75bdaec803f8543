import { isIP } from "node:net";

/** TLS for the broker's listener: paths of PEM files. */
export interface MosquittoTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** The authority that signed the clients' certificates. */
  readonly caFile?: string;
  /** Refuse clients without a certificate signed by `caFile`. Default false. */
  readonly requireCertificate?: boolean;
}

/** Everything a configuration file says; paths are absolute. */
export interface MosquittoSettings {
  readonly host: string;
  readonly port: number;
  readonly websocketPort: number | undefined;
  readonly tls: MosquittoTls | undefined;
  readonly passwordFile: string | undefined;
  readonly aclFile: string | undefined;
  /** Where the store lives; undefined keeps everything in memory. */
  readonly persistenceDirectory: string | undefined;
  /** Writes the store so often; undefined: after each change. */
  readonly saveEverySec: number | undefined;
  /** Run as root without changing user: needed in containers, where the directories belong to root. */
  readonly keepRoot: boolean;
  readonly maxInflightMessages: number;
  readonly maxQueuedMessages: number;
  /** Lines as they are, before the first listener, where global options belong. */
  readonly extraLines: readonly string[];
}

/** The text of `mosquitto.conf`. @throws {TypeError} when a value holds a line break, which would start another option. */
export function renderMosquittoConfig(settings: MosquittoSettings): string {
  const lines = [
    ...globalLines(settings),
    ...settings.extraLines,
    ...listenerLines(settings, settings.port, []),
    ...(settings.websocketPort === undefined
      ? []
      : listenerLines(settings, settings.websocketPort, websocketLines(settings))),
  ];
  const broken = lines.find((line) => /[\r\n\0]/.test(line));
  if (broken !== undefined)
    throw new TypeError(`Line ${JSON.stringify(broken)} of mosquitto.conf has a line break in it.`);
  return `${lines.join("\n")}\n`;
}

function globalLines(settings: MosquittoSettings): string[] {
  const { passwordFile, aclFile, persistenceDirectory } = settings;
  return [
    "log_dest stderr",
    "log_type error",
    "log_type warning",
    "log_type notice",
    // Its announcement that it runs is information.
    "log_type information",
    // Stated because the defaults differ between 1.6 and 2.0.
    "per_listener_settings false",
    `allow_anonymous ${passwordFile === undefined}`,
    ...(passwordFile === undefined ? [] : [`password_file ${passwordFile}`]),
    ...(aclFile === undefined ? [] : [`acl_file ${aclFile}`]),
    ...(settings.keepRoot ? ["user root"] : []),
    // Without it small bursts wait 40 ms for a delayed acknowledgement.
    "set_tcp_nodelay true",
    `max_inflight_messages ${settings.maxInflightMessages}`,
    `max_queued_messages ${settings.maxQueuedMessages}`,
    ...(persistenceDirectory === undefined
      ? ["persistence false"]
      : [
          "persistence true",
          `persistence_location ${persistenceDirectory.replace(/\/*$/, "/")}`,
          `autosave_interval ${settings.saveEverySec ?? 1}`,
          // True counts changes instead of seconds: all but the last instant survives a SIGKILL, at the price of writing
          // the whole store each time.
          `autosave_on_changes ${settings.saveEverySec === undefined}`,
        ]),
  ];
}

/** Without its domain Mosquitto 2.0 opens a WebSocket listener for 127.0.0.1 on every address of the machine. */
function websocketLines({ host }: MosquittoSettings): readonly string[] {
  const family = isIP(host);
  return ["protocol websockets", ...(family === 0 ? [] : [`socket_domain ipv${family}`])];
}

function listenerLines({ host, tls }: MosquittoSettings, port: number, more: readonly string[]): string[] {
  return [
    `listener ${port} ${host}`,
    ...more,
    ...(tls === undefined ? [] : [`certfile ${tls.certFile}`, `keyfile ${tls.keyFile}`]),
    ...(tls?.caFile === undefined ? [] : [`cafile ${tls.caFile}`]),
    ...(tls?.requireCertificate === true ? ["require_certificate true"] : []),
  ];
}
