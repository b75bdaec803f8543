import { CATALOGUE, deadLetter } from "@ts-tars/contracts";
import { type Client, type ConcreteTopic, parseDeadLetter, rawTopic } from "@ts-tars/mqtt";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { type FoundLetter, LETTER_HEAD, letterRow, replayOf, sortedLetters } from "../dead/letter.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { withClient } from "../open-client.ts";
import { retainedArrived } from "../retained.ts";
import { renderTable } from "../table.ts";

/** Lists the dead letters of all services. */
export async function listDead(context: Context, options: CommonOptions): Promise<ExitCode> {
  const letters = await withClient(context, options, (client) => readLetters(client));
  if (options.json === true)
    sayJson(
      context,
      letters.map(({ service, letter }) => ({ service, ...letter })),
    );
  else if (letters.length === 0) sayLine(context, "No dead letters.");
  else sayLine(context, renderTable(LETTER_HEAD, letters.map(letterRow)));
  return EXIT.ok;
}

/** Shows one dead letter with all that was kept of it. */
export async function showDead(context: Context, id: string, options: CommonOptions): Promise<ExitCode> {
  const found = await withClient(context, options, async (client) => pick(await readLetters(client), id));
  const { payload, ...letter } = found.letter;
  const text = payload === undefined ? undefined : Buffer.from(payload, "base64").toString("utf8");
  const shown = { service: found.service, ...letter, ...(text !== undefined && { payload: text }) };
  if (options.json === true) sayJson(context, shown);
  else sayLine(context, JSON.stringify(shown, null, 2));
  return EXIT.ok;
}

/** Publishes a dead letter's message again, on its own topic, and removes the letter when the broker has it. */
export async function replayDead(context: Context, id: string, options: CommonOptions): Promise<ExitCode> {
  const replayed = await withClient(context, options, async (client) => {
    const found = pick(await readLetters(client), id);
    const replay = replayOf(found, CATALOGUE);
    if (!replay.ok) throw new UsageError(`Dead letter ${id} cannot be replayed: ${replay.reason}.`);
    const { topic, data, correlationId } = replay;
    // Of what could not even be decoded only the letter has an id.
    const original = found.letter.original_id ?? found.letter.id;
    const { id: newId } = await client.publishConfirmed(topic, data, {
      replayOf: original,
      ...(correlationId !== undefined && { correlationId }),
    });
    await remove(client, [found]);
    return { id: newId, replay_of: original, topic: found.letter.topic };
  });
  if (options.json === true) sayJson(context, replayed);
  else sayLine(context, `Published again on ${replayed.topic} as ${replayed.id}.`);
  return EXIT.ok;
}

/** Removes one dead letter, or all of them. */
export async function clearDead(context: Context, id: string | undefined, options: CommonOptions): Promise<ExitCode> {
  const count = await withClient(context, options, async (client) => {
    const all = await readLetters(client);
    const chosen = id === undefined ? all : [pick(all, id)];
    await remove(client, chosen);
    return chosen.length;
  });
  if (options.json === true) sayJson(context, { cleared: count });
  else sayLine(context, `${count} dead ${count === 1 ? "letter" : "letters"} removed.`);
  return EXIT.ok;
}

async function readLetters(client: Client): Promise<readonly FoundLetter[]> {
  const found = new Map<string, FoundLetter>();
  const subscription = client.subscribe(
    rawTopic(deadLetter.filter),
    ({ topic, payload }) => {
      const [, service = ""] = topic.split("/");
      const letter = parseDeadLetter(payload);
      if (letter === undefined) found.delete(topic);
      else found.set(topic, { service, letter });
    },
    { retained: "handle" },
  );
  await subscription.active;
  await retainedArrived(client, () => found.size);
  await subscription.stop();
  return sortedLetters(found.values());
}

async function remove(client: Client, letters: readonly FoundLetter[]): Promise<void> {
  for (const { service, letter } of letters) {
    const topic: ConcreteTopic = deadLetter.at({ service, id: letter.id });
    client.clear(topic);
  }
  await client.flush();
}

/** The letter of this id, or of the only id that begins so. */
function pick(letters: readonly FoundLetter[], id: string): FoundLetter {
  const matching = letters.filter(({ letter }) => letter.id.startsWith(id));
  const exact = matching.find(({ letter }) => letter.id === id) ?? (matching.length === 1 ? matching[0] : undefined);
  if (exact !== undefined) return exact;
  throw new UsageError(
    matching.length === 0 ? `No dead letter has the id ${id}.` : `${matching.length} dead letters begin with ${id}.`,
  );
}
