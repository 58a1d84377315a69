// <p-map> itself: layers, buttons, links, and the field that is drawn into.
import type { FeatureLike } from "ol/Feature";
import OLMap from "ol/Map";
import View from "ol/View";
import GeoJSON from "ol/format/GeoJSON";
import { focus, platformModifierKeyOnly } from "ol/events/condition";
import MouseWheelZoom from "ol/interaction/MouseWheelZoom";
import { defaults as interactions } from "ol/interaction/defaults";
import VectorLayer from "ol/layer/Vector";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { exercise } from "../lib/page";
import { word } from "../lib/words";
import { readColours } from "./colours";
import { Drawing } from "./drawing";
import { groundStyles, orientationStyles, placeStyles } from "./ground";
import { keepoutStyle, markStyles } from "./marks";

const format = new GeoJSON({ featureProjection: "EPSG:3857" });
const everything = [24, 12, 64, 42]; // what the base map covers, degrees

const layerOf = (zIndex: number, more: object = {}) => new VectorLayer({ source: new VectorSource(), zIndex, ...more });

class Chart extends HTMLElement {
  #map: OLMap | null = null;
  #drawing: Drawing | null = null;
  #ground = layerOf(0);
  #orientation = layerOf(1, { declutter: true });
  #keepout = layerOf(2, { opacity: 0.22, className: "map-keepout" });
  #places = layerOf(3, { declutter: true });
  #marks = layerOf(4, { declutter: true });
  #end = new AbortController();

  connectedCallback(): void {
    if (this.#map) return;
    const view = document.createElement("div");
    view.className = "map-view";
    view.tabIndex = 0;
    view.setAttribute("role", "application");
    view.setAttribute("aria-label", word("js.map.label"));
    this.replaceChildren(view, ...this.#over());

    const map = (this.#map = new OLMap({
      layers: [this.#ground, this.#orientation, this.#keepout, this.#places, this.#marks],
      controls: [],
      interactions: interactions({ mouseWheelZoom: false, altShiftDragRotate: false, pinchRotate: false }).extend([
        // The wheel scrolls the page until somebody works in the map.
        new MouseWheelZoom({ condition: (e) => focus(e) || platformModifierKeyOnly(e) }),
      ]),
      view: new View({
        extent: transformExtent(everything, "EPSG:4326", "EPSG:3857"),
        constrainOnlyCenter: true,
        enableRotation: false,
        minZoom: 4,
        maxZoom: 18,
      }),
    }));
    this.#colour();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#colour(), { signal: this.#end.signal });
    map.setTarget(view);
    this.#features();
    this.#fit();
    this.#links(map, view);
    this.#draw(map, view);
    void this.#load();
  }

  disconnectedCallback(): void {
    // A part that is renewed brings a new element; this one ends.
    this.#end.abort();
    this.#drawing?.close();
    this.#map?.dispose();
  }

  #colour(): void {
    const c = readColours(this);
    this.#ground.setStyle(groundStyles(c, () => (this.#orientation.getSource()?.getFeatures() ?? []).some((f) => f.get("kind") === "river")));
    this.#orientation.setStyle(orientationStyles(c));
    this.#places.setStyle(placeStyles(c));
    this.#keepout.setStyle(keepoutStyle(c));
    this.#marks.setStyle(markStyles(c));
    this.#drawing?.recolour(c);
  }

  // over are the buttons and words that lie over the map.
  #over(): HTMLElement[] {
    const controls = document.createElement("div");
    controls.className = "map-controls";
    const press: [string, "js.map.in" | "js.map.out" | "js.map.all", () => void][] = [
      ["+", "js.map.in", () => this.#zoom(1)],
      ["−", "js.map.out", () => this.#zoom(-1)],
      ["◻", "js.map.all", () => this.#fit()],
    ];
    for (const [sign, name, act] of press) {
      const b = document.createElement("button");
      b.type = "button";
      b.className = "button";
      b.textContent = sign;
      b.setAttribute("aria-label", word(name));
      b.title = word(name);
      b.addEventListener("click", act);
      controls.append(b);
    }
    const note = document.createElement("p");
    note.className = "map-note";
    note.textContent = word("js.map.orientation");
    const over = [controls, note];
    if (exercise) {
      const mark = document.createElement("div");
      mark.className = "map-exercise";
      mark.setAttribute("aria-hidden", "true");
      mark.textContent = word("js.map.exercise");
      over.push(mark);
    }
    return over;
  }

  #zoom(by: number): void {
    const view = this.#map?.getView();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    view?.animate({ zoom: (view.getZoom() ?? 7) + by, duration: still ? 0 : 150 });
  }

  #fit(): void {
    const said = (this.dataset["extent"] ?? "").split(",").map(Number);
    const extent = said.length === 4 && said.every(Number.isFinite) ? said : everything;
    this.#map?.getView().fit(transformExtent(extent, "EPSG:4326", "EPSG:3857"), { padding: [24, 60, 36, 24], maxZoom: 15 });
  }

  // features are what the page itself put on the map.
  #features(): void {
    const data = this.dataset["features"] ? document.querySelector(this.dataset["features"]) : null;
    if (!data?.textContent?.trim()) return;
    try {
      for (const f of format.readFeatures(JSON.parse(data.textContent))) {
        (f.get("kind") === "keepout" ? this.#keepout : this.#marks).getSource()?.addFeature(f);
      }
    } catch (e) {
      console.error(e);
      this.#failed();
    }
  }

  async #load(): Promise<void> {
    const load = async (layer: VectorLayer, url: string | undefined): Promise<void> => {
      if (!url) return;
      const answer = await fetch(url, { credentials: "same-origin", signal: this.#end.signal });
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      layer.getSource()?.addFeatures(format.readFeatures(await answer.json()));
    };
    const done = await Promise.allSettled([
      load(this.#ground, this.dataset["base"]),
      load(this.#orientation, this.dataset["orientation"]),
      load(this.#places, this.dataset["places"]),
    ]);
    if (this.#end.signal.aborted) return;
    this.#ground.changed(); // it asks whether the theatre brought rivers
    if (done.some((d) => d.status === "rejected")) this.#failed();
    this.dispatchEvent(new CustomEvent("parley-map-ready", { bubbles: true }));
    this.dataset["ready"] = "";
  }

  #failed(): void {
    const note = this.querySelector(".map-note");
    if (note) note.textContent = `${word("js.map.orientation")}. ${word("js.map.failed")}`;
  }

  #links(map: OLMap, view: HTMLElement): void {
    const at = (pixel: number[]): string | undefined => {
      if (this.#drawing?.active) return undefined;
      const found = map.forEachFeatureAtPixel(pixel, (f: FeatureLike) => f.get("href") as string | undefined, { layerFilter: (l) => l === this.#marks, hitTolerance: 6 });
      return found && new URL(found, location.href).origin === location.origin ? found : undefined;
    };
    map.on("singleclick", (e) => {
      const href = at(e.pixel);
      if (href) location.assign(href);
    });
    map.on("pointermove", (e) => {
      if (!e.dragging) view.classList.toggle("on-link", at(e.pixel) !== undefined);
    });
  }

  #draw(map: OLMap, view: HTMLElement): void {
    const area = document.getElementById(this.dataset["for"] ?? "");
    if (!this.dataset["draw"] || !(area instanceof HTMLTextAreaElement || area instanceof HTMLInputElement)) return;
    const chosen = document.getElementById(this.dataset["kind"] ?? "");
    const kind = (): "polygon" | "line" | "point" => {
      // The choice is a select, or radio buttons in a fieldset.
      const said = chosen instanceof HTMLSelectElement ? chosen.value : chosen?.querySelector<HTMLInputElement>("input:checked")?.value;
      if (said === "circle") return "point"; // its middle; the radius is a field
      for (const k of ["polygon", "line", "point"] as const) if (said === k) return k;
      return (this.dataset["draw"] as "polygon" | "line" | "point") ?? "polygon";
    };
    this.#drawing = new Drawing(map, view, area, kind, readColours(this));
    view.after(this.#drawing.bar);
    chosen?.addEventListener("change", () => this.#drawing?.again(), { signal: this.#end.signal });
  }
}

customElements.define("p-map", Chart);
