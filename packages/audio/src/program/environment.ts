/** A variable of this process's own environment; an empty one counts as none. */
export function inherited(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}
