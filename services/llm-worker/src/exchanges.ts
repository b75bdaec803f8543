/**
 * Every request that lives: the queue before the model, the deadlines, and what goes back on the bus.
 *
 * 1. At most `concurrency` are with the model, the others wait in order; over `waitingMax` a request is refused.
 * 2. A cancelled id is remembered for 120 s: the cancel may overtake its request.
 * 3. A request that is here already is not begun again.
 */
import type { LLMRequest, LLMResponse, LLMStreamDelta } from "@ts-tars/contracts";
import type { Clock } from "@ts-tars/service";
import { type ChatModel, ChatModelError } from "./chat-model.ts";
import type { Deadlines } from "./deadlines.ts";
import { type Exchange, type ExchangeEffect, type ExchangeEvent, QUEUED, step } from "./exchange.ts";
import type { PromptMessage } from "./prompt.ts";

export interface ExchangesDeps {
  readonly model: ChatModel;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly concurrency: number;
  readonly waitingMax: number;
  readonly prompt: (request: LLMRequest) => readonly PromptMessage[];
  readonly say: (message: Said<LLMStreamDelta>) => void;
  readonly respond: (message: Said<LLMResponse>) => void;
  /** The model answered, or why not. */
  readonly onOutcome: (error: ChatModelError | undefined) => void;
}

/** A message as it is given to `publish`: defaults may be missing. */
type Said<Message> = Partial<Message> & { readonly id: string };

interface Job {
  readonly request: LLMRequest;
  readonly hangUp: AbortController;
  state: Exchange;
  cancelQuiet: () => void;
  cancelDeadline: () => void;
  cancelWhole: () => void;
}

const CANCEL_MEMORY_MS = 120_000;

export class Exchanges {
  readonly #deps: ExchangesDeps;
  readonly #jobs = new Map<string, Job>();
  #waiting: Job[] = [];
  #running = 0;
  #isWarm = false;
  readonly #cancelled = new Map<string, () => void>();

  constructor(deps: ExchangesDeps) {
    this.#deps = deps;
  }

  /** Takes responsibility for a request: it will be answered, unless it was cancelled before it came. */
  accept(request: LLMRequest): void {
    if (this.#cancelled.has(request.id) || this.#jobs.has(request.id)) return;
    const job = this.#createJob(request);
    this.#jobs.set(request.id, job);
    if (this.#waiting.length >= this.#deps.waitingMax) {
      this.#dispatch(job, {
        type: "failed",
        sentence: "Too many questions are waiting for the model.",
        atMs: this.#deps.clock.nowMs(),
      });
      return;
    }
    this.#waiting.push(job);
    this.#keepTalking(job);
    this.#startNext();
  }

  /** Ends a request; true when there was one. Whatever still comes under this id is dropped. */
  cancel(id: string): boolean {
    this.#cancelled.get(id)?.();
    this.#cancelled.set(
      id,
      this.#deps.clock.setTimer(CANCEL_MEMORY_MS, () => this.#cancelled.delete(id)),
    );
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#dispatch(job, { type: "cancelled", atMs: this.#deps.clock.nowMs() });
    return job !== undefined;
  }

  /** Ends everything: nobody listens any more. */
  cancelAll(): void {
    for (const job of [...this.#jobs.values()])
      this.#dispatch(job, { type: "cancelled", atMs: this.#deps.clock.nowMs() });
  }

  /** Ends everything and forgets the past. */
  close(): void {
    this.cancelAll();
    for (const forget of this.#cancelled.values()) forget();
    this.#cancelled.clear();
  }

  #createJob(request: LLMRequest): Job {
    const { clock, deadlines } = this.#deps;
    const nothing = (): void => undefined;
    const job: Job = {
      request,
      hangUp: new AbortController(),
      state: QUEUED,
      cancelQuiet: nothing,
      cancelDeadline: nothing,
      cancelWhole: nothing,
    };
    job.cancelWhole = clock.setTimer(deadlines.wholeMs, () => this.#late(job, "The model took too long."));
    return job;
  }

  #startNext(): void {
    while (this.#running < this.#deps.concurrency) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      if (job.state.kind !== "over") void this.#converse(job);
    }
  }

  async #converse(job: Job): Promise<void> {
    const { clock, model, prompt, deadlines, onOutcome } = this.#deps;
    this.#running += 1;
    this.#dispatch(job, { type: "started", atMs: clock.nowMs() });
    this.#await(job, this.#isWarm ? deadlines.firstTextMs : deadlines.warmUpMs, "The model did not begin to answer.");
    let tokens: Readonly<Record<string, unknown>> | undefined;
    try {
      const question = { messages: prompt(job.request), params: job.request.params ?? {} };
      for await (const piece of model.answer(question, { signal: job.hangUp.signal })) {
        if (piece.type === "usage") tokens = piece.tokens;
        else this.#receive(job, piece.text);
      }
      this.#dispatch(job, { type: "finished", tokens, atMs: clock.nowMs() });
      onOutcome(undefined);
    } catch (error) {
      this.#failed(job, error);
    } finally {
      this.#running -= 1;
      this.#startNext();
    }
  }

  #receive(job: Job, text: string): void {
    this.#isWarm = true;
    this.#dispatch(job, { type: "text_received", text, atMs: this.#deps.clock.nowMs() });
    this.#await(job, this.#deps.deadlines.stallMs, "The model stopped in the middle.");
  }

  #failed(job: Job, error: unknown): void {
    if (job.state.kind === "over") return; // it was told to hang up
    const known =
      error instanceof ChatModelError
        ? error
        : new ChatModelError({ code: "server_failed", sentence: "The model failed.", cause: error });
    this.#dispatch(job, { type: "failed", sentence: known.message, atMs: this.#deps.clock.nowMs() });
    this.#deps.onOutcome(known);
  }

  /** Waits for the next text. */
  #await(job: Job, limitMs: number, sentence: string): void {
    job.cancelDeadline();
    if (job.state.kind === "over") return;
    job.cancelDeadline = this.#deps.clock.setTimer(limitMs, () => this.#late(job, sentence));
  }

  #late(job: Job, sentence: string): void {
    this.#dispatch(job, { type: "failed", sentence, atMs: this.#deps.clock.nowMs() });
  }

  #keepTalking(job: Job): void {
    job.cancelQuiet();
    if (job.state.kind === "over") return;
    job.cancelQuiet = this.#deps.clock.setTimer(this.#deps.deadlines.quietMs, () =>
      this.#dispatch(job, { type: "quiet_elapsed" }),
    );
  }

  #dispatch(job: Job, event: ExchangeEvent): void {
    const [next, effects] = step(job.state, event);
    job.state = next;
    for (const effect of effects) this.#perform(job, effect);
    if (next.kind !== "over") return;
    job.cancelQuiet();
    job.cancelDeadline();
    job.cancelWhole();
    this.#jobs.delete(job.request.id);
    this.#waiting = this.#waiting.filter((waiting) => waiting !== job);
  }

  #perform(job: Job, effect: ExchangeEffect): void {
    const { id } = job.request;
    const { provider, model } = this.#deps.model;
    switch (effect.do) {
      case "stream": {
        const { seq, delta, stage, done } = effect;
        if (job.request.stream) {
          const text = {
            ...(delta !== undefined && { delta }),
            ...(stage !== undefined && { stage }),
            ...(done && { done }),
          };
          this.#deps.say({ id, seq, provider, model, ...text });
        }
        this.#keepTalking(job);
        return;
      }
      case "respond":
        this.#deps.respond({ id, provider, model, ...effect.response });
        return;
      case "hang_up":
        job.hangUp.abort(new DOMException("The exchange is over.", "AbortError"));
    }
  }
}
