import { randomBytes } from "node:crypto";
import { turnAnswer, turnAsk } from "@ts-tars/contracts";
import { type Recorder, recorder } from "@ts-tars/harness";
import { type ConnectOptions, connect } from "@ts-tars/mqtt";
import type { Final, Question } from "./storm-ledger.ts";

/** Somebody who asks without waiting for answers, and notes what comes. */
export interface StormAsker extends AsyncDisposable {
  /** Asks the next question. */
  readonly ask: () => void;
  /** Every final answer, in order, by its question. */
  readonly finals: Recorder<string>;
  /** What is known of every question asked so far. */
  readonly questions: () => readonly Question[];
}

/** Two that the router answers by itself, one for the model. */
const TEXTS = ["what time is it", "who are you", "how deep is the sea"] as const;

/** Connects a client with a session of its own; resolves when it hears answers. */
export async function openAsker(options: Pick<ConnectOptions, "url" | "credentials">): Promise<StormAsker> {
  const asked = new Map<string, { finals: Final[]; isExpired: boolean }>();
  const uttIds = new Map<string, string>();
  const finals = recorder<string>();
  const client = connect({
    ...options,
    clientId: "storm-asker",
    onUndelivered: ({ id, reason }) => {
      const question = asked.get(uttIds.get(id) ?? "");
      if (question !== undefined) question.isExpired = reason === "expired";
    },
  });
  const answers = client.subscribe(turnAnswer, ({ data: { utt_id: uttId, final, path }, error }) => {
    if (!final) return;
    asked.get(uttId)?.finals.push({ path, code: error?.code });
    finals.push(uttId);
  });
  await client.ready();
  await answers.active;
  return {
    finals,
    ask: () => {
      const uttId = randomBytes(16).toString("hex");
      const text = TEXTS[asked.size % TEXTS.length] ?? TEXTS[0];
      asked.set(uttId, { finals: [], isExpired: false });
      uttIds.set(client.publish(turnAsk, { utt_id: uttId, text, speak: "no" }), uttId);
    },
    questions: () => [...asked].map(([uttId, known]) => ({ uttId, ...known })),
    [Symbol.asyncDispose]: () => client.close(),
  };
}
