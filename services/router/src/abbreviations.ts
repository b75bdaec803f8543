/**
 * Words whose full stop is part of the word. Lower case, without the last full stop; inner ones are kept ("p.m").
 * Whatever is not listed here and is followed by a capital ends its sentence ("etc.", "Inc."), by a small letter does not.
 */
export const NEVER_LAST: ReadonlySet<string> = new Set([
  ...["dr", "mr", "mrs", "ms", "mx", "prof", "rev", "hon", "fr", "gen", "col", "maj", "capt", "cmdr", "lt", "sgt"],
  ...["gov", "sen", "rep", "pres", "st", "mt", "ft", "messrs", "mme", "mlle", "hr", "frau", "sr", "sra", "srta"],
  ...[
    "e.g",
    "i.e",
    "eg",
    "ie",
    "cf",
    "vs",
    "viz",
    "ca",
    "approx",
    "incl",
    "fig",
    "figs",
    "eq",
    "eqs",
    "sec",
    "ch",
    "vol",
  ],
  ...["pp", "ed", "eds", "nr", "al", "z.b", "d.h", "u.a", "bzw", "vgl", "sog", "p.ej", "pág", "núm", "env"],
]);

/** Acronyms that end sentences as often as not; others of their shape ("U.S.") mostly stand before a name. */
export const OFTEN_LAST: ReadonlySet<string> = new Set([
  "a.m",
  "p.m",
  "b.c",
  "a.d",
  "b.c.e",
  "c.e",
  "ph.d",
  "m.d",
  "b.a",
  "m.a",
]);

/** "No. 5" and "p. 12", but "The answer is no." and "Press p.": an abbreviation only in front of a number. */
export const BEFORE_NUMBER: ReadonlySet<string> = new Set([
  "no",
  "nos",
  "p",
  "art",
  "op",
  "bd",
  "jan",
  "feb",
  "mar",
  "apr",
  "jun",
  "jul",
  "aug",
  "sep",
  "sept",
  "oct",
  "nov",
  "dec",
]);

/** After an initial or a dotted acronym only these words, capitalised, begin a new sentence ("the U.S. Army" is one). */
export const SENTENCE_STARTERS: ReadonlySet<string> = new Set([
  ...[
    "A",
    "An",
    "And",
    "As",
    "At",
    "But",
    "By",
    "For",
    "From",
    "He",
    "Her",
    "Here",
    "His",
    "How",
    "However",
    "I",
    "If",
  ],
  ...["In", "Is", "It", "Its", "It's", "Let", "My", "No", "Not", "Now", "Of", "On", "Or", "Our", "She", "So", "That"],
  ...["The", "Their", "Then", "There", "These", "They", "This", "Those", "To", "We", "What", "When", "Where", "Which"],
  ...["Who", "Why", "With", "Would", "Yes", "You", "Your"],
]);

/** German dates write the day with a full stop ("am 3. Mai"). */
export const MONTHS_AFTER_ORDINAL: ReadonlySet<string> = new Set([
  ...["Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober"],
  ...["November", "Dezember"],
]);
