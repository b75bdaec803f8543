/** What became of a spoken question, for a person. Pure. */
import { failureOf, type Hearing, type Speech, stagesOf } from "./hearing.ts";

/** What was understood, what was answered, how long each part took, and where the spoken answer is. */
export function hearingInLines(hearing: Hearing, speech: Speech): readonly string[] {
  const { final, answer } = hearing;
  const failure = failureOf(hearing);
  return [
    final === undefined ? "you:  (not understood)" : `you:  ${final.text}${intentOf(hearing)}`,
    ...(answer === undefined || answer.text === "" ? [] : [`tars: ${answer.text}`]),
    ...(failure === undefined ? [] : [`      ${failure}`]),
    ...timesOf(hearing),
    ...(speech.path === null ? [] : [`      spoken: ${speech.path} (${(speech.duration_ms / 1_000).toFixed(1)} s)`]),
  ];
}

function intentOf({ answer }: Hearing): string {
  if (answer?.intent === undefined) return "";
  const slots = Object.entries(answer.slots ?? {}).map(([name, value]) => `${name}=${value}`);
  return `   [${[answer.intent, ...slots].join(" ")}]`;
}

function timesOf(hearing: Hearing): readonly string[] {
  const times = Object.entries(stagesOf(hearing)).map(([name, ms]) => `${words(name)} ${Math.round(ms)} ms`);
  return times.length === 0 ? [] : [`      ${times.join(" · ")}`];
}

/** `first_sound_at_ms` is "first sound at". */
const words = (name: string): string => name.replace(/_ms$/u, "").replaceAll("_", " ");
