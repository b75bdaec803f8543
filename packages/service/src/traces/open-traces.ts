import type { Hooks } from "@ts-tars/mqtt";
import { VERSION } from "../version.ts";

/** As whose work the spans are shown: the library's, whichever service it runs in. */
const SCOPE = "@ts-tars/mqtt";

/** Spans of the client's work, by the OpenTelemetry SDK of this process; undefined where they are not wanted, and then not even the API is loaded. */
export async function openTraces({ enabled }: { readonly enabled: boolean }): Promise<Hooks | undefined> {
  if (!enabled) return undefined;
  const [{ trace }, { openTelemetryHooks }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@ts-tars/telemetry/opentelemetry"),
  ]);
  return openTelemetryHooks({ tracer: trace.getTracer(SCOPE, VERSION) });
}
