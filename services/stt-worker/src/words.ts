/** What a recogniser's text consists of. Pure. */

/** Lower-case words without punctuation; apostrophes inside stay. */
export function spokenWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu) ?? [];
}

/** Sounds of somebody who thinks: they say nothing, in any language that we know. */
const FILLERS: ReadonlySet<string> = new Set("uh uhh um umm uhm er err erm hm hmm mm".split(" "));

export function isFiller(word: string): boolean {
  return FILLERS.has(word);
}

/** A sentence does not end with these; those that may ("on", "is", "that", "her") are not among them. */
const OPENERS: ReadonlySet<string> = new Set(
  `a an the my your our their to for of and or but because with if than from i'm what's who's where's how's very every
  um uh uhm er erm`.split(/\s+/),
);

/** Whether somebody who stops here goes on. */
export function isUnfinished(text: string): boolean {
  const last = spokenWords(text).at(-1);
  return last !== undefined && OPENERS.has(last);
}
