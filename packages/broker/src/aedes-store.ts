import memoryPersistence, { type AedesPersistence } from "aedes-persistence";

/** What the embedded broker remembers: sessions, queued and retained messages. Opaque. */
export type AedesStore = AedesPersistence;

/** An empty store in memory. Given to one broker after another it carries the sessions over. */
export function createAedesStore(): AedesStore {
  const create = memoryPersistence as unknown as () => AedesStore; // the module is this function; its types describe a namespace
  return create();
}
