/** A process of its own that handles errands, and is killed by those with the key `killer`: `url protocol directory`. */
import { writeSync } from "node:fs";
import { connect } from "./connect.ts";
import { errand } from "./durable-topics.fixture.ts";
import { stateDirectory } from "./outbox/state-directory.ts";

const [url = "", protocol = "", directory = ""] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);

const client = connect({
  url,
  clientId: "mortal",
  protocol: protocol === "5" ? "5" : "3.1.1",
  state: stateDirectory(directory),
});
const subscription = client.subscribe(errand, async ({ data }) => {
  say(`started ${data.n}`);
  if (data.key === "killer") process.kill(process.pid, "SIGKILL");
  await new Promise((resolve) => setImmediate(resolve));
  say(`handled ${data.n}`);
});
await subscription.active;
say("ready");
