import { defineConfig, field } from "@ts-tars/service";

/** What `tars up` itself is told: section `tars`. */
export const tarsConfig = defineConfig({
  name: "tars",
  prefix: "TARS",
  fields: {
    broker: field.choice({
      doc: "The broker of `tars up` when `MQTT_URL` is not set; `auto` takes Mosquitto when it is installed.",
      choices: ["auto", "mosquitto", "embedded"],
      default: "auto",
    }),
    inProcess: field.bool({
      doc: "Run all services in one process. Default: only on machines with less than 2 GB of memory.",
    }),
    readyTimeoutSec: field.int({
      doc: "How long `tars up` waits for its services before it says which are missing.",
      unit: "s",
      min: 1,
      max: 600,
      default: 30,
    }),
  },
  // Read elsewhere: by the configuration's loader, the bootstrap script, the router's clock for tests, each service.
  alsoKnown: ["TARS_CONFIG", "TARS_NO_SYSTEM_INSTALL", "TARS_FAKE_NOW", "TARS_LANG", "TARS_LOG_LEVEL", "TARS_REPLICA"],
});
