import { CATALOGUE } from "@ts-tars/contracts";
import { isValidFilter, type ReceivedRaw, rawTopic } from "@ts-tars/mqtt";
import { paintFor } from "../colour.ts";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { NoAnswerError, UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { withClient } from "../open-client.ts";
import { readMessage, renderLine } from "../tail/message-line.ts";

/** Options of `tars tail`. */
export interface TailOptions extends CommonOptions {
  /** End after so many messages. */
  readonly count?: number;
  /** End after so many seconds. */
  readonly timeoutSec?: number;
}

/** Shows messages as they come, decoded and checked by their contracts, until Ctrl-C. */
export async function tail(context: Context, filter: string, options: TailOptions): Promise<ExitCode> {
  if (!isValidFilter(filter))
    throw new UsageError(`"${filter}" is not an MQTT filter: + is one whole level, # all that follow.`);
  return await withClient(context, options, async (client) => {
    const paint = paintFor(context);
    const done = Promise.withResolvers<ExitCode>();
    let shownCount = 0;
    const show = ({ topic, payload, retained }: ReceivedRaw): void => {
      if (shownCount === options.count) return;
      shownCount += 1;
      const message = readMessage({ topic, payload, isRetained: retained, arrivedAtMs: Date.now() }, CATALOGUE);
      if (options.json === true) sayJson(context, message);
      else sayLine(context, renderLine(message, paint));
      if (shownCount === options.count) done.resolve(EXIT.ok);
    };
    const messages = client.subscribe(rawTopic(filter), show, { retained: "handle" });
    await messages.active;
    const timer = options.timeoutSec === undefined ? undefined : setTimeout(() => finish(), options.timeoutSec * 1_000);
    const finish = (): void => {
      if (options.count === undefined) done.resolve(EXIT.ok);
      else
        done.reject(
          new NoAnswerError(`${shownCount} of ${options.count} messages came within ${options.timeoutSec} s.`),
        );
    };
    // Ctrl-C is how one stops looking, not a failure.
    context.stop.addEventListener("abort", () => done.resolve(EXIT.ok), { once: true });
    try {
      return await done.promise;
    } finally {
      clearTimeout(timer);
    }
  });
}
