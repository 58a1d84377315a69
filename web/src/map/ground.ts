// The ground: land, water, dashed international lines, hatched areas in dispute, and the theatre's own names, rivers and governorates.
import type { FeatureLike } from "ol/Feature";
import LineString from "ol/geom/LineString";
import MultiLineString from "ol/geom/MultiLineString";
import Point from "ol/geom/Point";
import type Polygon from "ol/geom/Polygon";
import type MultiPolygon from "ol/geom/MultiPolygon";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { hatch, type Colours } from "./colours";

/** groundStyles paints basemap.json. With rivers of the theatre's own, those of the base map stay hidden: two would never meet. */
export function groundStyles(c: Colours, ownRivers: () => boolean): (f: FeatureLike) => Style | undefined {
  const styles: Record<string, Style> = {
    land: new Style({ fill: new Fill({ color: c.land }), stroke: new Stroke({ color: c.admin, width: 0.75 }), zIndex: 0 }),
    lake: new Style({ fill: new Fill({ color: c.water }), stroke: new Stroke({ color: c.river, width: 0.75 }), zIndex: 2 }),
    disputed: new Style({ fill: new Fill({ color: hatch(c.hatch) }), zIndex: 1 }),
    river: new Style({ stroke: new Stroke({ color: c.river, width: 1.25, lineJoin: "round" }), zIndex: 3 }),
    line: new Style({ stroke: new Stroke({ color: c.line, width: 1.25, lineDash: [7, 4] }), zIndex: 4 }),
  };
  return (f) => {
    const kind = f.get("kind") as string;
    return kind === "river" && ownRivers() ? undefined : styles[kind];
  };
}

/** orientationStyles paints orientation.json. Names are points: text along a line breaks Arabic letters apart (measured). */
export function orientationStyles(c: Colours): (f: FeatureLike, resolution: number) => Style[] {
  const river = new Style({ stroke: new Stroke({ color: c.river, width: 2, lineJoin: "round", lineCap: "round" }) });
  const admin = new Style({ stroke: new Stroke({ color: c.admin, width: 1, lineDash: [2, 3] }) });
  return (f, resolution) => {
    const kind = f.get("kind") as string;
    const name = f.get("name") as string | undefined;
    const styles = [kind === "river" ? river : admin];
    // Between about 1:10,000,000 and 1:700,000 a name has room.
    if (name && resolution < 2500 && resolution > 60) {
      styles.push(new Style({ geometry: labelPoint(f) ?? new Point([]), text: label(c, name, kind === "river" ? c.river : c.soft, "italic 13px", 0) }));
    }
    return styles;
  };
}

function labelPoint(f: FeatureLike): Point | undefined {
  const g = f.getGeometry();
  if (g instanceof LineString) return new Point(g.getCoordinateAt(0.5));
  if (g instanceof MultiLineString) {
    const longest = g.getLineStrings().sort((a, b) => b.getLength() - a.getLength())[0];
    return longest && new Point(longest.getCoordinateAt(0.5));
  }
  if (g?.getType() === "Polygon") return (g as Polygon).getInteriorPoint();
  if (g?.getType() === "MultiPolygon") {
    const at = (g as MultiPolygon).getInteriorPoints().getCoordinates()[0];
    return at && new Point(at);
  }
  return undefined;
}

// A place of rank r is named below this resolution, in metres per pixel.
const namedBelow: Record<number, number> = { 1: 6000, 2: 1500, 3: 400, 4: 100 };

export function placeStyles(c: Colours): (f: FeatureLike, resolution: number) => Style | undefined {
  const dot = new CircleStyle({ radius: 2.5, fill: new Fill({ color: c.soft }), declutterMode: "none" });
  return (f, resolution) => {
    const rank = Number(f.get("rank") ?? 4);
    if (resolution > (namedBelow[rank] ?? 100)) return undefined;
    return new Style({ image: dot, text: label(c, String(f.get("name") ?? ""), c.ink, rank === 1 ? "600 14px" : "13px", 11), zIndex: -rank });
  };
}

export function label(c: Colours, text: string, colour: string, font: string, offsetY: number): Text {
  return new Text({
    text,
    font: `${font} ${c.font}`,
    offsetY,
    fill: new Fill({ color: colour }),
    stroke: new Stroke({ color: c.land, width: 3 }),
    declutterMode: "declutter",
  });
}
