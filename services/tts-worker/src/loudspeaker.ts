/** One site's loudspeaker: carries out what `playback.ts` decides, with the engines and a sink. */
import type { AudioSink } from "@ts-tars/audio";
import type { Log } from "@ts-tars/mqtt";
import { Alarm, type Clock } from "@ts-tars/service";
import { dueAtMs, step } from "./playback.ts";
import { DEFAULT_LIMITS, type Playback, type PlaybackEffect, type PlaybackEvent, SILENCE } from "./playback-state.ts";
import type { Report, Sentence } from "./sentence.ts";
import type { Synthesis } from "./synthesis.ts";
import { SynthesisAhead } from "./synthesis-ahead.ts";
import type { Take } from "./take.ts";

/** A `PlaybackEvent` before it is known when it is handled. */
export type Happening = PlaybackEvent extends infer Each
  ? Each extends unknown
    ? Omit<Each, "atMs" | "spokenRatio">
    : never
  : never;

export interface LoudspeakerDeps {
  readonly synthesis: Pick<Synthesis, "begin">;
  readonly sink: AudioSink;
  readonly clock: Clock;
  readonly log: Log;
  /** Where events of the sink and of time go: through the service's one loop, back to `handle`. */
  readonly post: (happening: Happening) => void;
  readonly report: (report: Report) => void;
  /** The turns that are cancelled already. */
  readonly cancelled?: Playback["cancelled"];
}

export class Loudspeaker {
  readonly #deps: LoudspeakerDeps;
  readonly #alarm: Alarm;
  #playback: Playback;
  readonly #ahead: SynthesisAhead;
  #cutter = new AbortController();
  #take: Take | undefined;

  constructor(deps: LoudspeakerDeps) {
    this.#deps = deps;
    this.#playback = { ...SILENCE, cancelled: deps.cancelled ?? SILENCE.cancelled };
    this.#alarm = new Alarm(deps.clock, () => deps.post({ type: "time_passed" }));
    this.#ahead = new SynthesisAhead(deps.synthesis);
  }

  /** Nothing sounds, nothing waits. */
  get isIdle(): boolean {
    return this.#playback.stage.kind === "idle";
  }

  get cancelled(): Playback["cancelled"] {
    return this.#playback.cancelled;
  }

  /** Whether a cancel found something to end, if the event was one. */
  handle(happening: Happening): { readonly wasActive: boolean } {
    const moment = { atMs: this.#deps.clock.nowMs(), spokenRatio: this.#spokenRatio() };
    // Omit and the spread do not add up to the union again in the type system.
    const event = { ...happening, ...moment } as PlaybackEvent; // each member is its `Happening` plus the moment
    const [next, effects] = step(this.#playback, event, DEFAULT_LIMITS);
    this.#playback = next;
    for (const effect of effects) this.#perform(effect);
    this.#alarm.set(dueAtMs(next, DEFAULT_LIMITS));
    this.#ahead.follow(next);
    return { wasActive: effects.some((effect) => effect.do === "acknowledge" && effect.wasActive) };
  }

  setVolume(volumeRatio: number): void {
    this.#deps.sink.setVolume(volumeRatio);
  }

  #spokenRatio(): number {
    const { stage } = this.#playback;
    const hasSounded = stage.kind === "sounding" || (stage.kind === "paused" && stage.expectedMs !== undefined);
    if (!hasSounded || this.#take === undefined) return 0;
    return Math.min(1, this.#deps.sink.positionMs / Math.max(1, this.#take.expectedMs));
  }

  #perform(effect: PlaybackEffect): void {
    const { sink, report } = this.#deps;
    switch (effect.do) {
      case "play":
        this.#play(effect.sentence, effect.generation);
        return;
      case "cut":
        this.#cutter.abort();
        // What follows a sentence that was cut while it was paused is not paused.
        sink.resume();
        return;
      case "pause":
        sink.pause();
        return;
      case "resume":
        sink.resume();
        return;
      case "report":
        report(effect.report);
        return;
      case "acknowledge":
        return;
    }
  }

  /** Its end comes back as an event; whoever cut it before takes no notice of that. */
  #play(sentence: Sentence, generation: number): void {
    const { post, log, sink } = this.#deps;
    // The player starts while the engine does.
    sink.prepare();
    const { take, cutter } = this.#ahead.take(sentence);
    this.#cutter = cutter;
    this.#sound(take, { sentence, generation, signal: cutter.signal })
      .then(
        () => post({ type: "ended", generation }),
        (error: unknown) => {
          if (cutter.signal.aborted) return;
          log.error({ err: error, say_id: sentence.sayId }, "sentence could not be spoken");
          post({ type: "broke", generation, cause: error instanceof Error ? error.message : String(error) });
        },
      )
      // An engine that still makes what nobody will hear is ended.
      .finally(() => cutter.abort());
  }

  async #sound(begun: Promise<Take>, { sentence, generation, signal }: Order): Promise<void> {
    const { sink, post } = this.#deps;
    const take = await begun;
    signal.throwIfAborted();
    this.#take = take;
    take.whenRefined(() => post({ type: "refined", generation, expectedMs: take.expectedMs }));
    const onStart = (): void => post({ type: "started", generation, expectedMs: take.expectedMs });
    await sink.play(take, { sayId: sentence.sayId, signal, onStart });
  }
}

interface Order {
  readonly sentence: Sentence;
  readonly generation: number;
  readonly signal: AbortSignal;
}
