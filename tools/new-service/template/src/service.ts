import { turnAnswer } from "@ts-tars/contracts";
import { aborted, Mailbox, type Service, type ServiceDeps, whenAborted } from "@ts-tars/service";
import type { SampleServiceConfig } from "./config.ts";
import { emptyTally, step, type TallyEvent } from "./tally.ts";

/** Counts the answers on `turn/answer` and shows the figures in its health. */
export function sampleService({
  config,
  client,
  health,
}: Pick<ServiceDeps<SampleServiceConfig>, "config" | "client" | "health">): Service {
  return async ({ stop, ready }) => {
    const inbox = new Mailbox<TallyEvent>();
    let tally = emptyTally(config.showEvery);
    // Resolves when the answer is counted: an unfinished one is delivered again.
    const answers = client.subscribe(turnAnswer, async ({ data }) => {
      if (data.final) await inbox.handled({ type: "answered", path: data.path });
    });
    using _closing = whenAborted(stop, () => inbox.close());
    await Promise.race([answers.active, aborted(stop)]);
    ready();
    await inbox.run((event) => {
      const [next, effects] = step(tally, event);
      tally = next;
      for (const effect of effects) health.detail(effect.counts);
    });
  };
}
