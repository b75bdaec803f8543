import { defineConfig } from "./define.ts";
import { field } from "./field.ts";

const SCHEMES = ["mqtt", "mqtts", "ws", "wss"];

/**
 * How every service reaches the broker: section `mqtt`, variables `MQTT_…`. Names, bounds and cross-field rules are the
 * reference's (seconds there as in the reference); defaults are those of `@ts-tars/mqtt` unless said.
 */
export const mqttConfig = defineConfig({
  name: "mqtt",
  prefix: "MQTT",
  fields: {
    url: field.url({
      doc: "The broker, with user and password percent-encoded if it wants them.",
      schemes: SCHEMES,
      default: "mqtt://localhost:1883",
    }),
    clientId: field.text({ doc: "Client id; one service only. Default: `tars-` and the service's name." }),
    sourceName: field.text({ doc: "The `source` of what is sent. Default: the service's name." }),
    username: field.text({ doc: "User name; wins over the one in the URL." }),
    password: field.secret({ doc: "Password; its file is read again at each connection attempt." }),
    protocol: field.choice({
      doc: "Protocol version; `auto` tries 5 and falls back when refused.",
      choices: ["auto", "5", "3.1.1"],
      default: "auto",
    }),
    keepalive: field.int({ doc: "Keepalive told to the broker.", unit: "s", min: 1, max: 3600, default: 15 }),
    cleanStart: field.bool({ doc: "Forget the broker's session at each start.", default: false }),
    sessionExpiry: field.int({ doc: "How long the broker keeps the session.", unit: "s", min: 0, default: 3600 }),
    enableHealth: field.bool({ doc: "Publish `system/health/{service}`.", default: true }),
    enableHeartbeat: field.bool({ doc: "Publish `system/keepalive/{client_id}`.", default: true }),
    heartbeatInterval: field.number({ doc: "Time between heartbeats.", unit: "s", min: 1, default: 5 }),
    dedupeTtl: field.number({
      doc: "How long message ids are remembered; 0 = not at all.",
      unit: "s",
      min: 0,
      default: 900,
    }),
    dedupeMaxEntries: field.int({ doc: "How many message ids are remembered; 0 = none.", min: 0, default: 65_536 }),
    reconnectMinDelay: field.number({
      doc: "First bound of the reconnect backoff.",
      unit: "s",
      min: 0.1,
      default: 0.5,
    }),
    reconnectMaxDelay: field.number({ doc: "Last bound of the reconnect backoff.", unit: "s", min: 0.5, default: 5 }),
    caFile: field.text({ doc: "PEM file of the authority that signed the broker's certificate." }),
    certFile: field.text({ doc: "PEM file of our certificate." }),
    keyFile: field.text({ doc: "PEM file of our certificate's key." }),
    stateDir: field.text({ doc: "Where durable topics keep what is not confirmed yet." }),
  },
  checks: [
    {
      of: ["reconnectMaxDelay", "reconnectMinDelay"],
      problem: ({ reconnectMinDelay, reconnectMaxDelay }) =>
        reconnectMaxDelay < reconnectMinDelay ? "the last bound must not be below the first." : undefined,
    },
    {
      of: ["dedupeTtl", "dedupeMaxEntries"],
      problem: ({ dedupeTtl, dedupeMaxEntries }) =>
        dedupeTtl > 0 && dedupeMaxEntries === 0 ? "remembering for a time needs room for at least one id." : undefined,
    },
    {
      of: ["certFile", "keyFile"],
      problem: ({ certFile, keyFile }) =>
        (certFile === undefined) !== (keyFile === undefined) ? "a certificate and its key go together." : undefined,
    },
    {
      of: ["password", "username"],
      problem: ({ password, username }) =>
        password !== undefined && username === undefined ? "a password needs a user name." : undefined,
    },
  ],
});
