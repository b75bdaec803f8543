/**
 * What is sent to one topic, drawn by a seed: every second payload is a golden example with one thing wrong, every other one is
 * drawn anew. The golden half begins with one mutation of each member and each key of the envelope.
 */
import { arbitraryOf } from "@ts-tars/contracts/schema-arbitrary.fixture";
import type { Topic } from "@ts-tars/mqtt/contract";
import fc from "fast-check";
import { z } from "zod";
import { type Dice, rollDice } from "../../bench/scorecard/dice.ts";
import { isJsonObject, type JsonObject } from "./envelope.ts";
import { BROKEN_KEYS, breakKey, wrap } from "./envelope-mutations.ts";
import { drawBytes, drawFrame, FRAME_FIELDS, mutateFrame } from "./frame-payloads.ts";
import { goldenData, goldenFrames } from "./golden-examples.ts";
import { mutateMember } from "./member-mutations.ts";
import { type Member, membersOf, placesOf } from "./members.ts";
import { oddText, pick } from "./odd-values.ts";
import type { PublishedSchema } from "./published-schema.ts";
import { toJsonText } from "./raw-json.ts";
import { mutateText } from "./text-mutations.ts";

/** One payload. */
export interface Shot {
  readonly payload: Buffer;
  /** How it was made, in a few words. */
  readonly how: string;
  /** What was mutated: a member, a key of the envelope (`envelope.id`), a field of a frame. */
  readonly hit?: string;
  /** It is an envelope of which one key is broken: nothing may run for it. */
  readonly isBrokenEnvelope?: true;
}

/** Payloads without end, and all that they are to hit. */
export interface Magazine {
  readonly targets: readonly string[];
  readonly shots: Iterable<Shot, never>;
}

/** The same seed gives the same payloads; `schema` is undefined for frames. */
export function loadMagazine(topic: Topic, schema: PublishedSchema | undefined, seed: number): Magazine {
  const dice = rollDice(seed);
  if (schema === undefined) return { targets: FRAME_FIELDS, shots: frameShots(topic, dice) };
  const members = membersOf(schema);
  const keys = Object.keys(BROKEN_KEYS).map((key) => `envelope.${key}`);
  return { targets: [...members.map(({ name }) => name), ...keys], shots: jsonShots({ topic, members, dice, seed }) };
}

function* frameShots(topic: Topic, dice: Dice): Generator<Shot, never> {
  const frames = goldenFrames(topic);
  for (let number = 0; ; number += 1) {
    const field = FRAME_FIELDS[number % FRAME_FIELDS.length] ?? "";
    const golden = frames[dice.below(frames.length)] ?? Buffer.alloc(0);
    yield { ...mutateFrame(golden, { field, dice }), hit: field };
    yield dice.below(4) === 0
      ? { payload: drawBytes(dice), how: "any bytes" }
      : { payload: drawFrame(dice), how: "a frame" };
  }
}

interface Source {
  readonly topic: Topic;
  readonly members: readonly Member[];
  readonly dice: Dice;
  readonly seed: number;
}

function* jsonShots(source: Source): Generator<Shot, never> {
  const { topic, members, dice, seed } = source;
  const examples = goldenData(topic);
  const messages = drawEndlessly(arbitraryOf(z.instanceof(z.ZodType).parse(topic.payload)), dice);
  const soups = drawEndlessly(fc.oneof(soupOf(members), fc.jsonValue({ maxDepth: 3 })), dice);
  const firsts = dice.shuffled<Member | string>([...members, ...Object.keys(BROKEN_KEYS)]);
  for (let number = 0; ; number += 1) {
    const form = formOf(topic, { id: `fuzz-${seed}-${number}`, dice });
    yield mutated(firsts[number] ?? drawTarget(source), { examples, form, dice });
    const later = formOf(topic, { id: `fuzz-${seed}-${number}-drawn`, dice });
    const isMessage = dice.below(10) < 7;
    const body = isMessage ? later(messages.next().value) : drawSoup(soups.next().value, { form: later, dice });
    yield { payload: Buffer.from(toJsonText(body)), how: isMessage ? "a message" : "any JSON" };
  }
}

const TEXT = Symbol("the text as a whole");

function drawTarget({ members, dice }: Source): Member | string | typeof TEXT {
  const turn = dice.below(20);
  if (turn < 3 || members.length === 0) return TEXT;
  const keys = Object.keys(BROKEN_KEYS);
  return (turn < 8 ? keys[dice.below(keys.length)] : members[dice.below(members.length)]) ?? TEXT;
}

/** How data travels: in an envelope, or bare where that is read, and now and then where it is not. */
type Form = (data: unknown, as?: "envelope") => unknown;

function formOf(topic: Topic, { id, dice }: { readonly id: string; readonly dice: Dice }): Form {
  const readsBare = topic.acceptsBare || topic.wire !== "envelope";
  const isBare = readsBare ? dice.below(2) === 0 : dice.below(20) === 0;
  return (data, as) => (isBare && as === undefined ? data : wrap(data, { type: topic.type, id, dice }));
}

interface Stock {
  readonly examples: readonly JsonObject[];
  readonly form: Form;
  readonly dice: Dice;
}

function mutated(target: Member | string | typeof TEXT, { examples, form, dice }: Stock): Shot {
  const example = examples[dice.below(examples.length)] ?? {};
  if (target === TEXT) return mutateText(toJsonText(form(example)), dice);
  if (typeof target === "string") return brokenEnvelope(target, { example, form, dice });
  const sites = examples.flatMap((data) => placesOf(data, target.path).map((place) => ({ data, place })));
  const site = sites[dice.below(sites.length)];
  if (site === undefined) return { payload: Buffer.from(toJsonText(form(example))), how: "an example" };
  const { data, how } = mutateMember(site.data, { member: target, place: site.place, dice });
  return { payload: Buffer.from(toJsonText(form(data))), how, hit: target.name };
}

function brokenEnvelope(
  key: string,
  { example, form, dice }: { readonly example: JsonObject; readonly form: Form; readonly dice: Dice },
): Shot {
  const body = breakKey(Object(form(example, "envelope")), { key, dice });
  // The message's own members around it: read as bare JSON it would be the message.
  const around = dice.below(3) === 0 ? { ...example, ...body } : body;
  const payload = Buffer.from(toJsonText(around));
  return { payload, how: `envelope with a broken ${key}`, hit: `envelope.${key}`, isBrokenEnvelope: true };
}

/** Names that mean something, in an order that means nothing. */
function soupOf(members: readonly Member[]): fc.Arbitrary<unknown> {
  const names = [...members.flatMap(({ path }) => path), ...Object.keys(BROKEN_KEYS), "__proto__", "constructor"];
  return fc.object({ key: fc.constantFrom(...names), maxDepth: 2, maxKeys: 6 });
}

function drawSoup(soup: unknown, { form, dice }: { readonly form: Form; readonly dice: Dice }): unknown {
  const beside = isJsonObject(soup) ? { ...Object(form(soup, "envelope")), ...soup } : oddText(dice);
  return pick<unknown>(dice, [soup, form(soup), form(soup, "envelope"), beside]);
}

/** So many are drawn at a time: what draws long stops everything else. */
const BLOCK = 40;

function* drawEndlessly(values: fc.Arbitrary<unknown>, dice: Dice): Generator<unknown, never> {
  for (;;) yield* fc.sample(values, { seed: dice.below(2 ** 31), numRuns: BLOCK });
}
