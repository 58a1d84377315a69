// What the page puts on the map. Status is outline, shape and colour; the word stands in the page's own list.
import drawings from "parley:icons";
import type { FeatureLike } from "ol/Feature";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Icon from "ol/style/Icon";
import type ImageStyle from "ol/style/Image";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import { hatch, type Colours } from "./colours";
import { label } from "./ground";

const size = 13; // pixels, radius of a mark

/** keepoutStyle fills widened shapes without strokes. Its layer is see-through as a whole, so that parts that overlap do not look darker. */
export function keepoutStyle(c: Colours): Style {
  return new Style({ fill: new Fill({ color: c.status["waiting"] ?? c.ink }) });
}

/** markStyles paints all other features. */
export function markStyles(c: Colours): (f: FeatureLike) => Style[] {
  const kept = new Map<string, Style[]>();
  return (f) => {
    const kind = String(f.get("kind") ?? "other");
    const status = String(f.get("status") ?? "");
    const symbol = symbolOf(kind, String(f.get("category") ?? ""));
    const name = [kind, status, symbol].join(" ");
    let styles = kept.get(name);
    if (!styles) kept.set(name, (styles = paint(c, kind, status, symbol)));
    const text = f.get("label") as string | undefined;
    if (!text) return styles;
    const point = f.getGeometry()?.getType() === "Point";
    return [...styles, new Style({ text: label(c, text, c.ink, "600 13px", point ? size + 13 : 0), zIndex: 9 })];
  };
}

function symbolOf(kind: string, category: string): string {
  if (category in drawings) return category;
  return kind in drawings ? kind : kind === "site" ? "other" : "";
}

function paint(c: Colours, kind: string, status: string, symbol: string): Style[] {
  const hue = c.status[kind === "stop" ? "urgent" : status] ?? c.soft;
  const full = kind === "stop" || status === "urgent";
  const styles = [new Style({ ...lines(c, kind, hue), image: frame(c, kind, kind === "stop" ? "urgent" : status, hue), zIndex: full ? 6 : 5 })];
  const drawing = drawings[symbol];
  if (drawing) styles.push(new Style({ image: new Icon({ src: picture(drawing, full ? c.paper : hue), width: 16, height: 16, declutterMode: "none" }), zIndex: full ? 6 : 5 }));
  return styles;
}

// lines paints shapes that are no points.
function lines(c: Colours, kind: string, hue: string): { stroke?: Stroke; fill?: Fill } {
  const clear = new Fill({ color: "rgba(0,0,0,0)" }); // lets a click inside find the shape
  switch (kind) {
    case "movement":
      return { stroke: new Stroke({ color: hue, width: 3, lineJoin: "round", lineCap: "round" }) };
    case "presence":
      return { stroke: new Stroke({ color: hue, width: 2, lineDash: [1, 4], lineCap: "round" }), fill: clear };
    case "area":
      return { stroke: new Stroke({ color: c.ink, width: 2 }), fill: clear };
    case "check":
      return { stroke: new Stroke({ color: c.ink, width: 2, lineDash: [10, 5] }), fill: clear };
    case "overlap":
      return { stroke: new Stroke({ color: c.status["urgent"] ?? hue, width: 2.5 }), fill: new Fill({ color: hatch(c.status["urgent"] ?? hue) }) };
    case "told":
      return { stroke: new Stroke({ color: c.soft, width: 1.5, lineDash: [4, 4] }), fill: clear };
    default:
      return { stroke: new Stroke({ color: hue, width: 2 }), fill: clear };
  }
}

// frame is the outline of a mark: another one for each status, as beside its word on the page.
function frame(c: Colours, kind: string, status: string, hue: string): ImageStyle {
  const stroke = new Stroke({ color: hue, width: 2.5 });
  const fill = new Fill({ color: c.paper });
  // The mark is always drawn, and no name is written over it.
  const declutterMode = "obstacle";
  if (kind === "told" || kind === "place_of") {
    return new CircleStyle({ radius: size - 4, stroke: new Stroke({ color: hue, width: 1.5, lineDash: [3, 3] }), fill, declutterMode });
  }
  if (kind === "force") return new RegularShape({ points: 4, radius: size, stroke: new Stroke({ color: c.ink, width: 2 }), fill, declutterMode });
  switch (status) {
    case "informed":
      return new RegularShape({ points: 4, angle: Math.PI / 4, radius: size * 1.35, stroke, fill, declutterMode });
    case "waiting":
      return new CircleStyle({ radius: size, stroke: new Stroke({ color: hue, width: 4 }), fill, declutterMode });
    case "lapsed":
      return new CircleStyle({ radius: size, stroke: new Stroke({ color: hue, width: 2.5, lineDash: [4, 4] }), fill, declutterMode });
    case "disputed":
      return new RegularShape({ points: 4, radius: size * 1.4, stroke, fill, declutterMode });
    case "urgent":
      return new RegularShape({ points: 8, angle: Math.PI / 8, radius: size * 1.2, stroke: new Stroke({ color: c.paper, width: 2 }), fill: new Fill({ color: hue }), declutterMode });
    default:
      return new CircleStyle({ radius: size, stroke, fill, declutterMode });
  }
}

function picture({ box, paint, drawing }: { box: string; paint: string; drawing: string }, colour: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="${box}" ${paint}>${drawing}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg.replaceAll("currentColor", colour))}`;
}
