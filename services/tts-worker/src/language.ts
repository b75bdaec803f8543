/** Names of languages. Pure. */

/** `de_DE.UTF-8` as engines list it: `de-de`. */
export function normalLanguage(lang: string): string {
  return (lang.split(/[.@]/)[0] ?? "").replaceAll("_", "-").toLowerCase();
}

/** Of the names that an engine lists the best one for a language: itself, else without its region, else any region of it. */
export function bestLanguage(lang: string, known: Iterable<string>): string | undefined {
  const wanted = normalLanguage(lang);
  const base = wanted.split("-")[0] ?? wanted;
  const all = [...known];
  return (
    all.find((one) => one === wanted) ??
    all.find((one) => one === base) ??
    all.find((one) => one.startsWith(`${base}-`))
  );
}
