// Drawing: the map writes positions into a field, and draws again what is written there. The field stays the truth.
import Feature from "ol/Feature";
import type OLMap from "ol/Map";
import type Geometry from "ol/geom/Geometry";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import Polygon from "ol/geom/Polygon";
import Draw from "ol/interaction/Draw";
import Modify from "ol/interaction/Modify";
import Snap from "ol/interaction/Snap";
import VectorLayer from "ol/layer/Vector";
import { fromLonLat, toLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import { word } from "../lib/words";
import type { Colours } from "./colours";
import { read, write, type LonLat } from "./positions";

type Kind = "polygon" | "line" | "point";
type Area = HTMLTextAreaElement | HTMLInputElement;

const reach = 14; // pixels; a fingertip

export class Drawing {
  readonly #map: OLMap;
  readonly #view: HTMLElement;
  readonly #area: Area;
  readonly #kindOf: () => Kind;
  readonly #source = new VectorSource<Feature<Geometry>>();
  readonly #layer: VectorLayer<VectorSource<Feature<Geometry>>>;
  readonly #modify: Modify;
  readonly #snap: Snap;
  readonly #bar = document.createElement("div");
  readonly #draw = button("draw");
  readonly #undo = button("undo");
  readonly #wipe = button("wipe");
  #drawing: Draw | null = null;
  #points: LonLat[] = [];
  #writing = false;
  #asked: AbortController | null = null;

  constructor(map: OLMap, view: HTMLElement, area: Area, kindOf: () => Kind, colours: Colours) {
    this.#map = map;
    this.#view = view;
    this.#area = area;
    this.#kindOf = kindOf;
    this.#layer = new VectorLayer({ source: this.#source, zIndex: 20, updateWhileInteracting: true });
    this.recolour(colours);
    map.addLayer(this.#layer);
    this.#modify = new Modify({ source: this.#source, pixelTolerance: reach });
    this.#modify.on("modifyend", () => this.#take(this.#source.getFeatures()[0]));
    map.addInteraction(this.#modify);
    this.#snap = new Snap({ source: this.#source, pixelTolerance: reach });
    map.addInteraction(this.#snap);

    this.#bar.className = "map-drawing";
    this.#draw.addEventListener("click", () => (this.#drawing ? this.#finish() : this.#begin()));
    this.#undo.addEventListener("click", () => {
      if (this.#drawing) this.#drawing.removeLastPoint();
      else this.#set(this.#points.slice(0, -1));
    });
    this.#wipe.addEventListener("click", () => {
      this.#drawing?.abortDrawing();
      this.#set([]);
    });
    this.#bar.append(this.#draw, this.#undo, this.#wipe);
    this.#buttons();
    area.addEventListener("input", this.#read);
    this.#read();
  }

  /** bar holds the buttons. */
  get bar(): HTMLElement {
    return this.#bar;
  }

  get active(): boolean {
    return this.#drawing !== null;
  }

  recolour(c: Colours): void {
    const hue = c.status["informed"] ?? c.ink;
    this.#layer.setStyle([
      new Style({ stroke: new Stroke({ color: c.paper, width: 5 }) }),
      new Style({
        stroke: new Stroke({ color: hue, width: 2.5 }),
        fill: new Fill({ color: "rgba(0,0,0,0)" }),
        image: new CircleStyle({ radius: 8, stroke: new Stroke({ color: hue, width: 3 }), fill: new Fill({ color: c.paper }) }),
      }),
    ]);
  }

  /** again draws the same positions as another kind of shape. */
  again(): void {
    this.#stop();
    this.#redraw();
  }

  /** close lets go of the field. */
  close(): void {
    this.#area.removeEventListener("input", this.#read);
    this.#asked?.abort();
  }

  #begin(): void {
    const kind = this.#kindOf();
    this.#drawing = new Draw({
      type: kind === "polygon" ? "Polygon" : kind === "line" ? "LineString" : "Point",
      snapTolerance: reach,
      stopClick: true,
      freehandCondition: () => false,
    });
    this.#drawing.on("drawstart", () => this.#source.clear());
    this.#drawing.on("drawabort", () => this.#redraw());
    this.#drawing.on("drawend", (e) => {
      const drawn = e.feature;
      // OpenLayers ends its own work after this event.
      setTimeout(() => {
        this.#stop();
        this.#take(drawn);
      });
    });
    this.#modify.setActive(false);
    // Snap must hear of the pointer before Draw does, so it goes on last.
    this.#map.removeInteraction(this.#snap);
    this.#map.addInteraction(this.#drawing);
    this.#map.addInteraction(this.#snap);
    this.#view.classList.add("drawing");
    this.#buttons();
  }

  #finish(): void {
    const drawing = this.#drawing;
    drawing?.finishDrawing();
    // Too few points end nothing; then the old shape comes back.
    if (this.#drawing === drawing) setTimeout(() => this.#drawing === drawing && this.#stop());
  }

  #stop(): void {
    if (!this.#drawing) return;
    const drawing = this.#drawing;
    this.#drawing = null;
    drawing.abortDrawing();
    this.#map.removeInteraction(drawing);
    this.#view.classList.remove("drawing");
    this.#modify.setActive(true);
    this.#buttons();
  }

  #take(f: Feature<Geometry> | undefined): void {
    const g = f?.getGeometry();
    let at: number[][] = [];
    if (g instanceof Polygon) at = (g.getCoordinates()[0] ?? []).slice(0, -1);
    else if (g instanceof LineString) at = g.getCoordinates();
    else if (g instanceof Point) at = [g.getCoordinates()];
    this.#set(at.map((p) => toLonLat(p) as LonLat));
  }

  #set(points: LonLat[]): void {
    this.#points = points;
    this.#writing = true;
    this.#area.value = write(points);
    this.#area.dispatchEvent(new Event("input", { bubbles: true }));
    this.#area.dispatchEvent(new Event("change", { bubbles: true }));
    this.#writing = false;
    this.#redraw();
  }

  #read = (): void => {
    if (this.#writing) return;
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    read(this.#area.value, asked.signal).then(
      (points) => {
        if (asked.signal.aborted) return;
        this.#points = points;
        this.#redraw();
      },
      () => undefined, // the line failed: the shape stays as it was, the field is untouched
    );
  };

  #redraw(): void {
    this.#source.clear();
    const at = this.#points.map((p) => fromLonLat(p));
    const first = at[0];
    if (first) {
      const kind = this.#kindOf();
      let g: Geometry;
      if (kind === "polygon" && at.length >= 3) g = new Polygon([[...at, first]]);
      else if (kind !== "point" && at.length >= 2) g = new LineString(at);
      else g = new Point(first);
      this.#source.addFeature(new Feature(g));
    }
    this.#buttons();
  }

  #buttons(): void {
    this.#draw.textContent = word(this.#drawing ? "js.map.stop_drawing" : "js.map.draw");
    this.#draw.setAttribute("aria-pressed", String(this.#drawing !== null));
    const none = this.#points.length === 0 && !this.#drawing;
    this.#undo.hidden = this.#wipe.hidden = none;
  }
}

function button(what: "draw" | "undo" | "wipe"): HTMLButtonElement {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "button";
  b.dataset["map"] = what;
  b.textContent = word(`js.map.${what}`);
  return b;
}
