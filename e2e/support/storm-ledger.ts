/**
 * What became of each question of a storm, judged from the record of every packet. Pure.
 *
 * A question travels in hops: asker → router, router → model and back, router → asker. An error, or an answer that never came,
 * is excused only by a hop on which the record shows that the broker lost what it had acknowledged, or by one whose message
 * expired before it could be sent.
 */
import { type Transmissions, transmissionsOf } from "../../bench/scorecard/ledger/evidence.ts";
import type { WireEvent } from "../../bench/scorecard/ledger/recording.ts";

/** A final answer, as the asker's handler got it. */
export interface Final {
  readonly path: string;
  /** The envelope's error code. */
  readonly code: string | undefined;
}

/** One question and all that is known of it. */
export interface Question {
  readonly uttId: string;
  readonly finals: readonly Final[];
  /** The asker's client said that it expired. */
  readonly isExpired: boolean;
}

/** How a question ended; the last three fail the storm. */
export type Ending = "answered" | "lost_by_broker" | "expired" | "answered_twice" | "superseded" | "unexplained";

/** The records of both links: the asker's, and the one that all services share. */
export interface StormRecord {
  readonly asker: readonly WireEvent[];
  readonly robot: readonly WireEvent[];
}

/** On which links a message of this topic goes to the broker and comes from it. */
const HOPS = [
  { topic: "turn/ask", from: "asker", to: "robot" },
  { topic: "llm/request", from: "robot", to: "robot" },
  { topic: "llm/response", from: "robot", to: "robot" },
  { topic: "turn/answer", from: "robot", to: "asker" },
] as const;

/** A message's name in the record: what it is and whose turn it belongs to. Answers count when they are final. */
export function nameOnHop(topic: string, uttId: string): string {
  return `${topic} ${uttId}`;
}

/** Judges every question. */
export function judgeStorm(questions: readonly Question[], record: StormRecord): ReadonlyMap<string, Ending> {
  const sent = { asker: transmissionsOf(record.asker, "up"), robot: transmissionsOf(record.robot, "up") };
  const arrived = { asker: transmissionsOf(record.asker, "down"), robot: transmissionsOf(record.robot, "down") };
  const wasLost = (uttId: string): boolean =>
    HOPS.some(({ topic, from, to }) =>
      isLostByBroker(nameOnHop(topic, uttId), { sent: sent[from], arrived: arrived[to] }),
    );
  return new Map(questions.map((question) => [question.uttId, judge(question, wasLost)]));
}

function judge({ uttId, finals, isExpired }: Question, wasLost: (uttId: string) => boolean): Ending {
  const [final, another] = finals;
  if (another !== undefined) return "answered_twice";
  if (final?.code === "superseded") return "superseded";
  if (final !== undefined && final.path !== "error" && final.path !== "cancelled") return "answered";
  if (wasLost(uttId)) return "lost_by_broker";
  return isExpired ? "expired" : "unexplained";
}

/** Acknowledged to its sender, and never at its receiver's socket. */
function isLostByBroker(name: string, on: { readonly sent: Transmissions; readonly arrived: Transmissions }): boolean {
  const isConfirmed = (on.sent.get(name) ?? []).some(({ confirmedWith = 0xff }) => confirmedWith < 0x80);
  return isConfirmed && !(on.arrived.get(name) ?? []).some(({ reached }) => reached);
}
