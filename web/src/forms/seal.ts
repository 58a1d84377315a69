// Sealed areas. The content is read, salted and hashed on this device: what the server gets is the commitment alone, until the area is opened.
import { hex, join, sha256, unhex, utf8, type Bytes } from "../lib/bytes";
import { whenReady } from "../lib/page";
import { word } from "../lib/words";

type Place = [number, number]; // longitude, latitude, in units of 1e-7 degree

/** Area is a sealed area with its members in the order in which a command writes them: the commitment is over these bytes. */
interface Area {
  shape: { kind: "Point"; points: Place[] } | { kind: "Polygon"; polygons: Place[][][] };
  buffer?: number; // metres; left out when 0
  band?: { low: number; high: number };
  window: { from: number; to: number };
}

interface Kept {
  commitment: string;
  salt: string;
  area: Area;
}

class Wrong extends Error {}

const most = 200; // positions
const widest = 50_000; // metres: the bound of a command

/** western writes Arabic-Indic and Persian digits and signs as ASCII. */
function western(text: string): string {
  return text.replace(/[\u0660-\u0669]/g, (d) => String(d.charCodeAt(0) - 0x660)).replace(/[\u06f0-\u06f9]/g, (d) => String(d.charCodeAt(0) - 0x6f0)).replace(/\u066b/g, ".").replace(/\u060c/g, ",");
}

function whole(text: string, low: number, high: number): number {
  const read = western(text).trim();
  const n = read === "" ? 0 : Number(read);
  if (!Number.isInteger(n) || n < low || n > high) throw new Wrong(word("js.seal.number", { read: text, low, high }));
  return n;
}

/** place reads decimal degrees, latitude first. Other notations are read by the server, which is not to see this. */
function place(line: string): Place {
  const m = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[, ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(western(line));
  const lat = Math.round(Number(m?.[1]) * 1e7);
  const lon = Math.round(Number(m?.[2]) * 1e7);
  if (!m || Math.abs(lat) > 90e7 || Math.abs(lon) > 180e7) throw new Wrong(word("js.seal.position", { read: line.trim() }));
  return [lon, lat];
}

/** moment reads a day and an hour in UTC. */
function moment(text: string): number {
  const m = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)$/.exec(western(text).trim());
  const at = m ? Date.parse(`${m[1]}T${m[2]}:00Z`) : NaN;
  if (!(at > 0)) throw new Wrong(word("js.seal.moment", { read: text.trim() }));
  return at;
}

// crosses reports whether two edges of a ring meet where they must not: such a ring could be sealed and never opened.
function crosses(ring: Place[]): boolean {
  const side = (a: Place, b: Place, c: Place) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
  const n = ring.length - 1;
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue; // neighbours
      const [a, b, c, d] = [ring[i], ring[i + 1], ring[j], ring[j + 1]] as [Place, Place, Place, Place];
      if (side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0) return true;
    }
  }
  return false;
}

function areaOf(form: HTMLFormElement): Area {
  const value = (id: string) => form.querySelector<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(`#${id}`)?.value ?? "";
  const places = value("seal-shape").split("\n").filter((l) => l.trim() !== "").map(place);
  const reach = whole(value("seal-buffer"), 0, widest);
  const area: Partial<Area> = {};
  if (value("seal-kind") === "circle") {
    if (places.length !== 1) throw new Wrong(word("js.seal.one"));
    area.shape = { kind: "Point", points: places };
    const buffer = whole(value("seal-radius"), 1, widest) + reach;
    if (buffer > widest) throw new Wrong(word("js.seal.number", { read: buffer, low: 1, high: widest }));
    area.buffer = buffer;
  } else {
    const [first] = places;
    if (!first || places.length < 3 || places.length > most) throw new Wrong(word("js.seal.several", { most }));
    const ring = [...places, first];
    if (new Set(places.map(String)).size !== places.length || crosses(ring)) throw new Wrong(word("js.seal.crosses"));
    area.shape = { kind: "Polygon", polygons: [[ring]] };
    if (reach > 0) area.buffer = reach;
  }
  const low = value("seal-low");
  const high = value("seal-high");
  if (low.trim() !== "" || high.trim() !== "") {
    area.band = { low: whole(low, -1_000, 100_000), high: whole(high, -1_000, 100_000) };
    if (area.band.low > area.band.high) throw new Wrong(word("js.seal.band"));
  }
  area.window = { from: moment(value("seal-from")), to: moment(value("seal-to")) };
  if (area.window.to <= area.window.from) throw new Wrong(word("js.seal.window"));
  return area as Area;
}

/** commitmentOf is SHA-256 of a heading, the salt and the area's JSON, as the server and the command line reckon it. */
async function commitmentOf(area: Area, salt: Bytes): Promise<string> {
  return hex(await sha256(join(utf8("parley sealed area v1\n"), salt, utf8(JSON.stringify(area)))));
}

function told(form: HTMLFormElement, text: string): void {
  const fault = form.querySelector<HTMLElement>("[data-fault]");
  if (!fault) return;
  fault.textContent = text;
  fault.hidden = text === "";
}

function prepareSeal(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>("[data-parts]")?.removeAttribute("hidden");
  const made = form.querySelector<HTMLElement>("[data-made]");
  const file = form.querySelector<HTMLTextAreaElement>("#seal-file");
  const commitment = form.querySelector<HTMLInputElement>("input[name=commitment]");
  const link = form.querySelector<HTMLAnchorElement>("a[download]");
  const box = form.querySelector<HTMLInputElement>("#seal-kept");
  const go = form.querySelector<HTMLButtonElement>("[data-made] button[type=submit]");
  if (!made || !file || !commitment || !link || !box || !go) return;
  const undo = () => {
    made.hidden = true;
    commitment.value = "";
    box.checked = false;
    go.disabled = true; // a seal that nobody can open is worth nothing: the file is kept first
  };
  undo();
  box.addEventListener("change", () => (go.disabled = !box.checked));
  form.querySelector("[data-parts]")?.addEventListener("input", undo);
  form.querySelector("[data-make]")?.addEventListener("click", () => void make());

  async function make(): Promise<void> {
    if (!made || !file || !commitment || !link) return;
    undo();
    try {
      const area = areaOf(form);
      const salt = crypto.getRandomValues(new Uint8Array(16)) as Bytes;
      const kept: Kept = { commitment: await commitmentOf(area, salt), salt: hex(salt), area };
      told(form, "");
      file.value = JSON.stringify(kept) + "\n";
      URL.revokeObjectURL(link.href);
      link.href = URL.createObjectURL(new Blob([file.value], { type: "application/json" }));
      link.download = `seal-${kept.commitment.slice(0, 8)}.json`;
      commitment.value = kept.commitment;
      made.hidden = false;
      link.focus();
    } catch (e) {
      if (!(e instanceof Wrong)) throw e;
      told(form, e.message);
    }
  }
}

function prepareOpen(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>("[data-parts]")?.removeAttribute("hidden");
  const chosen = form.querySelector<HTMLInputElement>("#unseal-file");
  const pasted = form.querySelector<HTMLTextAreaElement>("#unseal-text");
  const ready = form.querySelector<HTMLElement>("[data-made]");
  const salt = form.querySelector<HTMLInputElement>("input[name=salt]");
  const content = form.querySelector<HTMLInputElement>("input[name=area]");
  if (!chosen || !pasted || !ready || !salt || !content) return;
  chosen.addEventListener("change", () => void chosen.files?.[0]?.text().then((text) => {
    pasted.value = text;
    return look();
  }));
  pasted.addEventListener("input", () => void look());

  async function look(): Promise<void> {
    if (!ready || !salt || !content || !pasted) return;
    ready.hidden = true;
    salt.value = content.value = "";
    let kept: Kept;
    try {
      kept = JSON.parse(pasted.value) as Kept;
      if ((await commitmentOf(kept.area, unhex(kept.salt))) !== form.dataset["unseal"]) throw new Error("another");
    } catch {
      told(form, pasted.value.trim() === "" ? "" : word("js.seal.other_file"));
      return;
    }
    told(form, "");
    salt.value = kept.salt;
    content.value = JSON.stringify(kept.area);
    ready.hidden = false;
  }
}

whenReady((root) => {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-seal]")) prepareSeal(form);
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-unseal]")) prepareOpen(form);
});
