/** Paints text for a terminal; leaves it as it is where there are no colours. */
export interface Paint {
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const RESET = "\u001b[0m";
const plain = (text: string): string => text;
const wrap =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}${RESET}`;

const COLOURED: Paint = Object.freeze({
  dim: wrap(2),
  bold: wrap(1),
  red: wrap(31),
  green: wrap(32),
  yellow: wrap(33),
  cyan: wrap(36),
});

const PLAIN: Paint = Object.freeze({ dim: plain, bold: plain, red: plain, green: plain, yellow: plain, cyan: plain });

/** Colours, or none. */
export function paintFor({ hasColour }: { readonly hasColour: boolean }): Paint {
  return hasColour ? COLOURED : PLAIN;
}
