import { type AudioSink, openMqttSink } from "@ts-tars/audio";
import type { Clock, ServiceDeps } from "@ts-tars/service";
import type { TtsWorkerConfig } from "./config.ts";
import { EngineChoice } from "./engine-choice.ts";
import { openEngines } from "./open-engines.ts";
import { openHomeSink } from "./open-home-sink.ts";
import { openReference } from "./reference.ts";
import { DEFAULT_SITE } from "./rooms.ts";
import { Synthesis } from "./synthesis.ts";

/** What speech is made with, and what it sounds from. */
export interface Mouth extends AsyncDisposable {
  readonly synthesis: Pick<Synthesis, "begin">;
  /** A site's loudspeaker; whoever opens one closes it. */
  openSink(siteId: string): AudioSink;
  /** What health tells of it. */
  readonly detail: { readonly engine: string; readonly audible: boolean; readonly sink: string };
}

export interface MouthDeps extends ServiceDeps<TtsWorkerConfig> {
  readonly clock: Clock;
}

/** Opens engines and loudspeakers. Resolves when it is known which of them work; what does not is looked for again and again. */
export async function openMouth({ config, client, clock, health, log }: MouthDeps): Promise<Mouth> {
  await using stack = new AsyncDisposableStack();
  const { lang, referencePath: path } = config;
  const onChange = (): void => health.detail(detail());
  const choice = new EngineChoice({ ...openEngines(config, clock), lang, clock, health, log, onChange });
  stack.defer(() => choice.close());
  const reference = path === undefined ? undefined : stack.use(await openReference({ path, clock, log }));
  let home: AudioSink | undefined;
  const detail = (): Mouth["detail"] => {
    const engine = choice.current;
    const isAudible = engine?.isAudible === true && home?.isAudible === true;
    return { engine: engine?.name ?? "none", audible: isAudible, sink: home?.name ?? "none" };
  };
  const homeOptions = { clock, health, log, onChange, tap: reference?.tap };
  [home] = await Promise.all([openHomeSink(config, homeOptions), choice.look()]);
  const sinkAtHome = home;
  const opened = stack.move();
  return {
    synthesis: new Synthesis({ choice, lang }),
    openSink: (siteId) => (siteId === DEFAULT_SITE ? sinkAtHome : openMqttSink({ client, siteId, clock })),
    get detail() {
      return detail();
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
