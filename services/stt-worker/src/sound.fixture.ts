/** Sounds of tests: noise, and something that has the rhythm of speech. Always the same. */
export { joined, quiet, scaled } from "./speech.fixture.ts";

const amplitudeOf = (levelDb: number): number => 32_768 * 10 ** (levelDb / 20);

function* numbers(): Generator<number, never, undefined> {
  for (let seed = 7; ; ) {
    seed = (seed * 48_271) % 0x7fff_ffff;
    yield seed / 0x7fff_ffff - 0.5;
  }
}

function noise(durationMs: number, shape: (value: number, at: number) => number): Int16Array {
  const source = numbers();
  return Int16Array.from({ length: durationMs * 16 }, (_, at) =>
    Math.max(-32_768, Math.min(32_767, Math.round(shape(source.next().value, at)))),
  );
}

/** White noise at so many dB below full scale. */
export function steady(durationMs: number, levelDb: number): Int16Array {
  const amplitude = amplitudeOf(levelDb) * Math.sqrt(12);
  return noise(durationMs, (value) => value * amplitude);
}

/** Noise with as much power in every octave, as rooms and fans have it. */
export function pink(durationMs: number, levelDb: number): Int16Array {
  const states = [0, 0, 0];
  const [poles, gains] = [
    [0.99765, 0.963, 0.57],
    [0.099046, 0.2965164, 1.0526913],
  ];
  const raw = Array.from(
    noise(durationMs, (value) => value * 20_000),
    (white) => {
      for (const index of states.keys()) {
        states[index] = (poles?.[index] ?? 0) * (states[index] ?? 0) + white * (gains?.[index] ?? 0);
      }
      return states.reduce((sum, state) => sum + state, 0) + white * 0.1848;
    },
  );
  const rms = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0) / raw.length);
  return Int16Array.from(raw, (value) => Math.round((value / rms) * amplitudeOf(levelDb)));
}

/** A voice of 140 Hz with overtones, in syllables of 160 ms with 40 ms of near silence between; its level is that of the syllables. */
export function speechLike(durationMs: number, levelDb: number): Int16Array {
  const amplitude = amplitudeOf(levelDb);
  return Int16Array.from({ length: durationMs * 16 }, (_, at) => {
    const seconds = at / 16_000;
    const isPause = (at / 16) % 200 >= 160;
    const voice = [1, 2, 3, 4, 6, 9].reduce(
      (sum, overtone) => sum + Math.sin(2 * Math.PI * 140 * overtone * seconds),
      0,
    );
    return Math.round(((voice * amplitude) / Math.sqrt(3)) * (isPause ? 0.02 : 1));
  });
}

/** Both at the same time. */
export function mixed(one: Int16Array, other: Int16Array): Int16Array {
  return one.map((sample, at) => Math.max(-32_768, Math.min(32_767, sample + (other[at] ?? 0))));
}
