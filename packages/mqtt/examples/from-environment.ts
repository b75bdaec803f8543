import { ConfigurationError, configFromEnv, connect } from "@ts-tars/mqtt";

const { options, warnings } = configFromEnv({ MQTT_URL: "mqtt://localhost", MQTT_CLIENT_ID: "lamp", MQTT_TLSX: "1" });
for (const warning of warnings) console.log(warning);
await using client = connect(options);
await client.ready();
console.log(`${client.clientId} is ${client.state.kind}`);

try {
  configFromEnv({ MQTT_URL: "http://localhost", MQTT_KEEPALIVE: "often" });
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.log(`${error.problems.length} problems, all at once`);
}
