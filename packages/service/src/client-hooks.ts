import type { Hooks } from "@ts-tars/mqtt";
import type { HealthReporter } from "./health-reporter.ts";

/** What it costs that a file of the state directory cannot be written, and that one was damaged. */
const COSTS = {
  outbox: {
    failing: "Its outbox.db cannot be written: commands that must survive a crash are refused.",
    setAside: "Its outbox.db was damaged: commands that waited in it are not sent.",
  },
  delivery: {
    failing: "Its delivery.db cannot be written: a message that ends this process may do so again and again.",
    setAside: "Its delivery.db was damaged: which messages ended this process before is forgotten.",
  },
} as const;

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
      else health.degraded(costOf(file).failing, "Free space on its disk, or make MQTT_STATE_DIR writable.", part);
    },
    onCounter: (name, _delta, { file }) => {
      if (name !== "state_set_aside") return;
      health.degraded(
        costOf(file).setAside,
        "Look at the file that its log names; then restart it.",
        `damaged: ${file}`,
      );
    },
  };
}

function costOf(file: string | undefined): (typeof COSTS)[keyof typeof COSTS] {
  return file === "delivery" ? COSTS.delivery : COSTS.outbox;
}
