/** What is said in one run, who says it and how, all drawn by the seed. Pure. */
import type { IntentBook } from "../../services/router/src/intent-file.ts";
import { type Command, drawCommands } from "./draw-command.ts";
import { drawManner, type Manner, VOICES } from "./manner.ts";
import type { Random } from "./random.ts";

/** Commands have to be understood, questions to be read, traps to be left to the model. */
export type Kind = "command" | "question" | "trap";

/** One sentence to be spoken. */
export interface Utterance {
  readonly kind: Kind;
  readonly text: string;
  /** Of a command. */
  readonly meaning: Pick<Command, "intent" | "slots"> | undefined;
  readonly manner: Manner;
  /** Highest peak, in dB of full scale. */
  readonly peakDb: number;
  readonly leadMs: number;
  readonly tailMs: number;
  /** Pink noise behind it, in dB below the speech; undefined: none. */
  readonly snrDb: number | undefined;
}

export interface DrawOptions {
  readonly book: IntentBook;
  readonly questions: readonly string[];
  /** Each is said by every voice. */
  readonly traps: readonly string[];
  readonly counts: Readonly<Record<Kind, number>>;
  readonly snrDb?: number | undefined;
}

/** Every voice says as much of each kind as any other; the order is one of chance. */
export function drawUtterances(options: DrawOptions, random: Random): readonly Utterance[] {
  const { book, questions, traps, counts, snrDb } = options;
  const commands = drawCommands(book, counts.command, random.fork("commands"));
  const asked = random.fork("questions").shuffle(questions).slice(0, counts.question);
  const set = random.fork("traps").shuffle(traps.flatMap((text) => VOICES.map((voice) => ({ text, voice }))));
  const manners = random.fork("manners");
  const spoken = (kind: Kind, text: string, { manner, meaning }: Said): Utterance => ({
    ...{ kind, text, meaning, manner, snrDb },
    peakDb: manners.between(-12, -3),
    leadMs: manners.between(300, 700),
    tailMs: manners.between(400, 600),
  });
  const byTurns = (index: number): Manner => drawManner(VOICES[index % VOICES.length] ?? VOICES[0], manners);
  return random
    .fork("order")
    .shuffle([
      ...commands.map(({ text, ...meaning }, index) => spoken("command", text, { manner: byTurns(index), meaning })),
      ...asked.map((text, index) => spoken("question", text, { manner: byTurns(index) })),
      ...set
        .slice(0, counts.trap)
        .map(({ text, voice }) => spoken("trap", text, { manner: drawManner(voice, manners) })),
    ]);
}

interface Said {
  readonly manner: Manner;
  readonly meaning?: Utterance["meaning"];
}
