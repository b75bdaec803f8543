import type { Hooks } from "@ts-tars/mqtt";

/** Hooks that tell all of these; spans are made by the first that makes any. One that throws keeps nothing from the others. */
export function joinHooks(...given: readonly (Hooks | undefined)[]): Hooks {
  const all = given.filter((hooks) => hooks !== undefined);
  const onCounter = both(all.map((hooks) => hooks.onCounter));
  const onGauge = both(all.map((hooks) => hooks.onGauge));
  const onDuration = both(all.map((hooks) => hooks.onDuration));
  const onSpan = all.find((hooks) => hooks.onSpan !== undefined)?.onSpan;
  // What nobody wants stays unset, and costs nothing.
  return {
    ...(onCounter && { onCounter }),
    ...(onGauge && { onGauge }),
    ...(onDuration && { onDuration }),
    ...(onSpan && { onSpan }),
  };
}

type Tell<Told extends readonly unknown[]> = (...told: Told) => void;

function both<Told extends readonly unknown[]>(tells: readonly (Tell<Told> | undefined)[]): Tell<Told> | undefined {
  const [first, ...others] = tells.filter((tell) => tell !== undefined);
  return others.reduce<Tell<Told> | undefined>(
    (before, tell) =>
      (...told) => {
        try {
          before?.(...told);
        } finally {
          tell(...told);
        }
      },
    first,
  );
}
