import { type ConfigSetReply, configSet } from "@ts-tars/contracts";
import { type Client, RequestTimeoutError } from "@ts-tars/mqtt";
import { ConfigurationError } from "@ts-tars/service";
import type { Context } from "../context.ts";
import { NoAnswerError } from "../errors.ts";

/** The service waits for others that change the same file, and for a slow disk. */
const ANSWER_LIMIT_MS = 10_000;

/**
 * Has a running service change its settings.
 *
 * @throws {ConfigurationError} with every problem; nothing is then changed. @throws {NoAnswerError} when it does not answer.
 */
export async function setOverBus(
  client: Client,
  {
    service,
    values,
    stop,
  }: { readonly service: string; readonly values: Readonly<Record<string, unknown>> } & Pick<Context, "stop">,
): Promise<ConfigSetReply> {
  let reply: ConfigSetReply;
  try {
    reply = await client.request(configSet.at({ service }), { values }, { timeoutMs: ANSWER_LIMIT_MS, signal: stop });
  } catch (error) {
    if (!(error instanceof RequestTimeoutError)) throw error;
    const limit = `${ANSWER_LIMIT_MS / 1_000} s`;
    throw new NoAnswerError(
      `${service} did not answer within ${limit}, although it seems to run; it may still act. See: tars config get ${service}`,
    );
  }
  // One rule over two settings is told at both, in the same words.
  const problems = [...new Set(reply.problems.map(({ problem }) => problem))];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return reply;
}
