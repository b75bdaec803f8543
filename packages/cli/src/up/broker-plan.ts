/** Which broker `tars up` uses. Pure. */

/** What `TARS_BROKER` may say: `auto` takes Mosquitto when it is installed. */
export type BrokerChoice = "auto" | "mosquitto" | "embedded";

/** The broker to use, and what to tell the user about it. */
export type BrokerPlan =
  | { readonly kind: "external" }
  | { readonly kind: "mosquitto" }
  | { readonly kind: "embedded"; readonly note: string | undefined }
  | { readonly kind: "impossible"; readonly problem: string };

/** What the decision needs to know. */
export interface BrokerFacts {
  /** A URL was configured (flag, `MQTT_URL` or file). */
  readonly hasUrl: boolean;
  readonly choice: BrokerChoice;
  readonly hasMosquitto: boolean;
}

const INSTALL = "sudo apt-get install -y mosquitto";

/** A configured URL wins; else a Mosquitto of our own; else the one written in JavaScript. */
export function planBroker({ hasUrl, choice, hasMosquitto }: BrokerFacts): BrokerPlan {
  if (hasUrl) return { kind: "external" };
  if (choice === "embedded") return { kind: "embedded", note: undefined };
  if (hasMosquitto) return { kind: "mosquitto" };
  if (choice === "mosquitto") {
    return { kind: "impossible", problem: `TARS_BROKER is "mosquitto", but it is not installed: ${INSTALL}` };
  }
  return {
    kind: "embedded",
    note: `Mosquitto is not installed; using the embedded broker (MQTT 3.1.1). Better: ${INSTALL}`,
  };
}
