/** The tables of docs/observability.md: everything that is measured, under its names. Pure. */
import { SERVICE_FIGURES } from "@ts-tars/service";
import { COUNTERS, DURATIONS, GAUGES, instrumentOf, type Measurement, prometheusName } from "@ts-tars/telemetry";

const BEGIN = "<!-- measurements: written by `npm run docs` -->";
const END = "<!-- end of measurements -->";

type Kind = Parameters<typeof prometheusName>[0];

/** The text with its tables as they have to be now. */
export function withMeasurements(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new TypeError(`The document has no place for its tables: ${BEGIN} … ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${tables()}\n\n${text.slice(end)}`;
}

function tables(): string {
  const service = Object.entries(SERVICE_FIGURES).map(([name, { help }]) =>
    row([code(`ts_tars_service_${name}`), help]),
  );
  return [
    ...table("Counters", ["Prometheus", "OpenTelemetry", "what it counts", "labels"], rows("counter", COUNTERS)),
    ...table("Gauges", ["Prometheus", "OpenTelemetry", "what it says", "labels"], rows("gauge", GAUGES)),
    ...table(
      "Durations, in seconds",
      ["Prometheus (histogram)", "OpenTelemetry", "what it times", "labels"],
      rows("duration", DURATIONS),
    ),
    ...table("Of the service, at `/metrics` only", ["Prometheus (gauge)", "what it says"], service),
  ]
    .join("\n")
    .trim();
}

function table(title: string, head: readonly string[], body: readonly string[]): readonly string[] {
  return [`### ${title}`, "", row(head), `|${"---|".repeat(head.length)}`, ...body, ""];
}

function rows(kind: Kind, catalogue: Readonly<Record<string, Measurement>>): readonly string[] {
  return Object.entries(catalogue).map(([name, { help, labels }]) => {
    const said = Object.entries(labels).map(([label, values]) => `${code(label)}: ${values}`);
    return row([code(prometheusName(kind, name)), code(instrumentOf(name).name), help, said.join("; ")]);
  });
}

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
const code = (text: string): string => `\`${text}\``;
