import { REPLICA_MAX } from "../replica/instance-name.ts";
import { defineConfig } from "./define.ts";
import { field } from "./field.ts";

/** A day; whoever writes more has taken the unit for milliseconds. */
const MAX_DELAY_SEC = 86_400;

/** The protocol gives it four bytes. */
const MAX_EXPIRY_SEC = 0xffff_ffff;

const SCHEMES = ["mqtt", "mqtts", "ws", "wss"];

/**
 * How every service reaches the broker: section `mqtt`, variables `MQTT_…`, seconds as in the reference. This says where
 * each setting comes from and what it means; what they mean together is `configFromEnv`'s to judge (`connection.ts`).
 */
export const mqttConfig = defineConfig({
  name: "mqtt",
  prefix: "MQTT",
  fields: {
    url: field.url({
      doc: "The broker, with user and password percent-encoded if it wants them; several for the nodes of a cluster.",
      schemes: SCHEMES,
      default: "mqtt://localhost:1883",
    }),
    clientId: field.text({ doc: "Client id; one service only. Default: `tars-` and the service's name." }),
    sourceName: field.text({ doc: "The `source` of what is sent. Default: the service's name." }),
    replica: field.int({
      doc: "Which one this process is of a service that runs several times, `{service}.{n}`; one process only. Default: it runs once.",
      min: 1,
      max: REPLICA_MAX,
      env: "TARS_REPLICA",
      hasBareFlag: true,
    }),
    username: field.text({ doc: "User name, when it does not stand in the URL." }),
    password: field.secret({
      doc: "Password, when it does not stand in the URL; its file is read again at each connection attempt.",
    }),
    protocol: field.choice({
      doc: "Protocol version; `auto` tries 5 and falls back when refused.",
      choices: ["auto", "5", "3.1.1"],
      default: "auto",
    }),
    compat: field.choice({
      doc: "What is left out for peers of the reference: `five-keys` sends them nothing that their models do not know.",
      choices: ["off", "five-keys"],
      default: "off",
    }),
    keepalive: field.int({ doc: "Keepalive told to the broker.", unit: "s", min: 1, max: 3600, default: 15 }),
    cleanStart: field.bool({ doc: "Forget the broker's session at each start.", default: false }),
    sessionExpiry: field.int({
      doc: "How long the broker keeps the session.",
      unit: "s",
      min: 0,
      max: MAX_EXPIRY_SEC,
      default: 3600,
    }),
    enableHealth: field.bool({ doc: "Publish `system/health/{service}`.", default: true }),
    enableHeartbeat: field.bool({ doc: "Publish `system/keepalive/{client_id}`.", default: true }),
    heartbeatInterval: field.number({
      doc: "Time between heartbeats.",
      unit: "s",
      min: 1,
      max: MAX_DELAY_SEC,
      default: 5,
    }),
    dedupeTtl: field.number({
      doc: "How long message ids are remembered, at least 660; 0 = not at all.",
      unit: "s",
      min: 0,
      default: 900,
    }),
    dedupeMaxEntries: field.int({ doc: "How many message ids are remembered; 0 = none.", min: 0, default: 65_536 }),
    reconnectMinDelay: field.number({
      doc: "First bound of the reconnect backoff.",
      unit: "s",
      min: 0.1,
      max: MAX_DELAY_SEC,
      default: 0.5,
    }),
    reconnectMaxDelay: field.number({
      doc: "Last bound of the reconnect backoff.",
      unit: "s",
      min: 0.5,
      max: MAX_DELAY_SEC,
      default: 5,
    }),
    caFile: field.text({ doc: "PEM file of the authority that signed the broker's certificate." }),
    certFile: field.text({ doc: "PEM file of our certificate." }),
    keyFile: field.text({ doc: "PEM file of our certificate's key." }),
    stateDir: field.text({
      doc: "Where each service has a folder for what survives its process: durable commands, and what was being handled. Unset: nowhere; `tars up` takes `mqtt` in its own state directory.",
    }),
  },
});
