import {
  llmCancel,
  llmRequest,
  llmResponse,
  llmStream,
  systemHealth,
  turnCancel,
  turnCancelled,
} from "@ts-tars/contracts";
import { aborted, type Clock, PeerWatch, type Service, type ServiceDeps, whenAborted } from "@ts-tars/service";
import type { ChatModel, ChatModelError } from "./chat-model.ts";
import type { Deadlines } from "./deadlines.ts";
import { Exchanges } from "./exchanges.ts";
import { buildPrompt, type PromptBudget } from "./prompt.ts";

export interface LlmWorkerDeps extends Pick<ServiceDeps<unknown>, "client" | "health" | "log" | "share"> {
  readonly model: ChatModel;
  readonly clock: Clock;
  /** Asked for with each question. */
  readonly persona: () => string;
  readonly budget: PromptBudget;
  readonly deadlines: Deadlines;
  readonly concurrency: number;
}

/** Requests that may wait for the model; a robot has one question at a time, a test a few. */
const WAITING_MAX = 64;

/** Answers `llm/request` with a language model, as a stream on `llm/stream` and whole on `llm/response`. */
export function llmWorker(deps: LlmWorkerDeps): Service {
  const { client, health, clock, model, share } = deps;
  return async ({ stop, ready }) => {
    const exchanges = createExchanges(deps);
    const watch = new PeerWatch({ clock, onLost: () => exchanges.cancelAll() });
    const cancel = (id: string): void => {
      const startedAtMs = clock.nowMs();
      const active = exchanges.cancel(id);
      // All replicas hear it; the one that has it in hand answers for all.
      if (!active && share !== undefined) return;
      client.publish(
        turnCancelled,
        { utt_id: id, service: "llm-worker", active, took_ms: Math.round(clock.nowMs() - startedAtMs) },
        { correlationId: id },
      );
    };
    const subscriptions = [
      // Resolves when the exchange is queued; what waits in memory dies with the process, and the README says so.
      client.subscribe(llmRequest, ({ data }) => exchanges.accept(data), share === undefined ? {} : { share }),
      client.subscribe(turnCancel, ({ data }) => {
        // A cancel of a whole site is for the router, which sends one for each of its turns.
        if (data.utt_id !== undefined) cancel(data.utt_id);
      }),
      client.subscribe(llmCancel, ({ data }) => cancel(data.id)),
      client.subscribe(systemHealth.at({ service: "router" }), ({ data }) => watch.see(data)),
    ];
    await Promise.race([Promise.all(subscriptions.map(({ active }) => active)), aborted(stop)]);
    describeModel(health, model);
    using _ending = whenAborted(stop, () => exchanges.close());
    ready();
    await aborted(stop);
    watch.stop();
  };
}

function createExchanges({
  client,
  health,
  log,
  clock,
  model,
  persona,
  budget,
  deadlines,
  concurrency,
}: LlmWorkerDeps): Exchanges {
  return new Exchanges({
    ...{ model, clock, deadlines, concurrency },
    waitingMax: WAITING_MAX,
    prompt: ({ text, system, conversation_history: history = [] }) =>
      buildPrompt({ persona: persona(), system, history, question: text }, budget),
    say: (delta) => void client.publish(llmStream, delta, { correlationId: delta.id }),
    respond: (response) => void client.publish(llmResponse, response, { correlationId: response.id }),
    onOutcome: (error) => {
      if (error !== undefined) log.warn({ code: error.code, err: error }, "the model did not answer");
      reportOutcome(health, { model, error });
    },
  });
}

function describeModel(health: LlmWorkerDeps["health"], model: ChatModel): void {
  health.detail({ engine: model.provider, model: model.model });
  reportOutcome(health, { model, error: undefined });
}

function reportOutcome(
  health: LlmWorkerDeps["health"],
  { model, error }: { readonly model: ChatModel; readonly error: ChatModelError | undefined },
): void {
  if (error !== undefined) health.degraded("The model does not answer.", error.message);
  else if (model.provider === "offline") {
    health.degraded(
      "No model is configured: answering from rules only.",
      "Set OPENAI_BASE_URL to a local server, or OPENAI_API_KEY.",
    );
  } else health.ok();
}
