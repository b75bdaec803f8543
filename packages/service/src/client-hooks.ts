import type { Hooks } from "@ts-tars/mqtt";
import type { HealthReporter } from "./health-reporter.ts";

/** What it costs that a file of the state directory cannot be written. */
const COSTS = {
  outbox: "Its outbox.db cannot be written: commands that must survive a crash are refused.",
  delivery: "Its delivery.db cannot be written: a message that ends this process may do so again and again.",
} as const;

/** Of a damaged delivery.db nobody has to hear: a power cut may do that, and only what ended this process before is forgotten. */
const OUTBOX_DAMAGED = "Its outbox.db was damaged: commands that waited in it are not sent.";

/** What of the client's measurements a person should hear of, each in the health as a part of its own. */
export function clientHooks(
  health: Pick<HealthReporter, "hung" | "degraded" | "ok">,
): Required<Pick<Hooks, "onGauge" | "onCounter">> {
  return {
    onGauge: (name, value, { file }) => {
      if (name === "zombie_handlers") health.hung(value);
      if (name !== "state_failing") return;
      const part = `state: ${file}`;
      if (value === 0) health.ok(part);
      else
        health.degraded(
          COSTS[file === "delivery" ? "delivery" : "outbox"],
          "Free space on its disk, or make MQTT_STATE_DIR writable.",
          part,
        );
    },
    onCounter: (name, _delta, { file }) => {
      if (name !== "state_set_aside" || file !== "outbox") return;
      health.degraded(OUTBOX_DAMAGED, "Look at the file that its log names; then restart it.", "state: damaged");
    },
  };
}
