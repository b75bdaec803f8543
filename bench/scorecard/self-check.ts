/** Whether the ledger finds what it is there for: the planted faults, exactly these, and none in a sound recording. Pure. */
import { rollDice } from "./dice.ts";
import { type AckEvent, ackFaultsOf } from "./ledger/acknowledgements.ts";
import { doctor, type Planted, SOUND, soundRecording } from "./ledger/doctored-recording.ts";
import { contradictions, keepLedger, messagesOf } from "./ledger/ledger.ts";
import type { MessageName, Recording, WireEvent } from "./ledger/recording.ts";

/** One recording's faults, by kind: what was planted and what was found. */
export interface SelfCheck {
  readonly planted: Faults;
  readonly found: Faults;
  readonly passed: boolean;
}

/** Messages by the fault that happened to them, and how many PUBACKs may not be. */
export type Faults = Readonly<Record<FaultName, readonly MessageName[]>> & {
  readonly strayAcks: number;
  readonly overtakingAcks: number;
};

type FaultName =
  | "lostByClient"
  | "lostByBroker"
  | "lostInCut"
  | "declared"
  | "duplicates"
  | "excessRepeats"
  | "outOfOrder"
  | "strangers"
  | "contradictory";

/** Judges the sound recording, and a doctored one whose places are drawn by the seed. */
export function checkLedger(seed: number): readonly SelfCheck[] {
  const sound = soundRecording();
  const { recording, planted } = doctor(sound, rollDice(seed).below);
  return [compare(sound, plant()), compare(recording, plant(planted))];
}

function compare(recording: Recording, planted: Faults): SelfCheck {
  const found = faultsOf(recording);
  return { planted, found, passed: JSON.stringify(found) === JSON.stringify(planted) };
}

function plant(planted?: Planted): Faults {
  return {
    lostByClient: planted === undefined ? [] : [planted.loss],
    lostByBroker: [SOUND.lostByBroker],
    lostInCut: [SOUND.lostInCut],
    declared: [SOUND.publisherKilled],
    duplicates: planted === undefined ? [] : [planted.duplicate],
    excessRepeats: planted === undefined ? [] : [planted.repeat],
    outOfOrder: planted === undefined ? [] : [planted.swap],
    strangers: [],
    contradictory: [],
    strayAcks: planted === undefined ? 0 : 1,
    overtakingAcks: planted === undefined ? 0 : 1,
  };
}

function faultsOf(recording: Recording): Faults {
  const ledger = keepLedger(recording);
  const acks = ackFaultsOf(recording.wires.subscriber.flatMap(toAck));
  const names = (messages: readonly { readonly message: MessageName }[]) => messages.map(({ message }) => message);
  return {
    lostByClient: names(messagesOf(ledger, "lost_by_client")),
    lostByBroker: names(messagesOf(ledger, "lost_by_broker")),
    lostInCut: names(messagesOf(ledger, "lost_in_cut")),
    declared: names(messagesOf(ledger, "declared")),
    duplicates: ledger.duplicates,
    excessRepeats: ledger.excessRepeats,
    outOfOrder: ledger.outOfOrder,
    strangers: ledger.strangers,
    contradictory: names(contradictions(ledger)),
    strayAcks: acks.strayCount,
    overtakingAcks: acks.overtakingCount,
  };
}

function toAck(event: WireEvent): readonly AckEvent[] {
  if (event.type === "connected") return [];
  const { connection, packetId } = event;
  return [{ type: event.type === "published" ? "published" : "acknowledged", connection, packetId }];
}
