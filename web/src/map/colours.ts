// The map draws on a canvas, which knows no style sheet: it reads the page's colours, and reads them again when the scheme changes.

export interface Colours {
  land: string;
  water: string;
  line: string;
  admin: string;
  river: string;
  hatch: string;
  ink: string;
  soft: string;
  paper: string;
  status: Record<string, string>;
  font: string;
}

export const statuses = ["informed", "acknowledged", "waiting", "lapsed", "disputed", "urgent"];

export function readColours(at: HTMLElement): Colours {
  const style = getComputedStyle(at);
  const v = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    land: v("map-land"),
    water: v("map-water"),
    line: v("map-line"),
    admin: v("map-admin"),
    river: v("map-river"),
    hatch: v("map-hatch"),
    ink: v("ink"),
    soft: v("ink-soft"),
    paper: v("paper"),
    status: Object.fromEntries(statuses.map((s) => [s, v(s)])),
    font: style.fontFamily,
  };
}

/** hatch is a pattern of slanted lines. */
export function hatch(colour: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  const ratio = Math.max(1, Math.round(devicePixelRatio));
  const size = 8 * ratio;
  tile.width = tile.height = size;
  const c = tile.getContext("2d");
  if (!c) return colour;
  c.strokeStyle = colour;
  c.lineWidth = ratio;
  c.beginPath();
  for (const shift of [-size, 0, size]) {
    c.moveTo(shift, size);
    c.lineTo(shift + size, 0);
  }
  c.stroke();
  return c.createPattern(tile, "repeat") ?? colour;
}
