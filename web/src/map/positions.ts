// Positions as text, one a line: what a drawing writes and what it reads back.
import { language } from "../lib/page";
import { understand } from "../lib/understood";

export type LonLat = [number, number];

/** write gives latitude before longitude, in degrees to about a metre. */
export function write(points: LonLat[]): string {
  return points.map(([lon, lat]) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`).join("\n");
}

const decimal = /^(-?\d{1,2}(?:\.\d+)?)[,\s]+(-?\d{1,3}(?:\.\d+)?)$/;
const lettered = /(\d+(?:\.\d+)?)°?\s*([NS])[,\s]+(\d+(?:\.\d+)?)°?\s*([EW])/;
const known = new Map<string, LonLat | null>();

/** read returns the positions of a text. Plain degrees it reads itself; any other notation the server reads. A line that says nothing is left out. */
export async function read(text: string, signal: AbortSignal): Promise<LonLat[]> {
  const points: LonLat[] = [];
  for (const line of text.split("\n").map((l) => l.trim())) {
    if (line === "") continue;
    const plain = decimal.exec(line);
    if (plain) {
      points.push([Number(plain[2]), Number(plain[1])]);
      continue;
    }
    let point = known.get(line);
    if (point === undefined) known.set(line, (point = await ask(line, signal)));
    if (point) points.push(point);
  }
  return points;
}

async function ask(text: string, signal: AbortSignal): Promise<LonLat | null> {
  const said = await understand(`/${language}/understood`, { text }, signal);
  const m = lettered.exec(said.lines?.find((l) => l.kind === "coordinate")?.text ?? "");
  if (!said.ok || !m) return null;
  return [Number(m[3]) * (m[4] === "W" ? -1 : 1), Number(m[1]) * (m[2] === "S" ? -1 : 1)];
}
