// <p-gps for="lat,lon" accuracy method>: fills in this device's position, with how well it is known.
import { field } from "../lib/page";
import { word } from "../lib/words";

const worst = 1000; // metres; a position known worse than this says nothing about a building
const wait = 30_000; // milliseconds

class Gps extends HTMLElement {
  connectedCallback(): void {
    if (!("geolocation" in navigator) || !isSecureContext) {
      this.hidden = true;
      return;
    }
    let button = this.querySelector("button");
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = word("js.gps.use");
      this.append(button);
    }
    const pressed = button;
    button.addEventListener("click", () => this.#take(pressed));
  }

  #say(text: string): void {
    let p = this.querySelector<HTMLElement>('[role="status"]');
    if (!p) {
      p = document.createElement("p");
      p.setAttribute("role", "status");
      this.append(p);
    }
    p.textContent = text;
  }

  #take(button: HTMLButtonElement): void {
    button.disabled = true;
    this.#say(word("js.gps.searching"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.disabled = false;
        const metres = Math.ceil(coords.accuracy);
        if (Math.abs(coords.latitude) < 1e-4 && Math.abs(coords.longitude) < 1e-4) {
          this.#say(word("js.gps.zero"));
        } else if (!(coords.accuracy <= worst)) {
          this.#say(word("js.gps.coarse", { metres }));
        } else {
          this.#fill(coords.latitude, coords.longitude, metres);
          this.#say(word("js.gps.done", { metres }));
        }
      },
      () => {
        button.disabled = false;
        this.#say(word("js.gps.denied"));
      },
      { enableHighAccuracy: true, timeout: wait, maximumAge: 0 },
    );
  }

  #fill(latitude: number, longitude: number, metres: number): void {
    const [lat = "", lon = ""] = (this.getAttribute("for") ?? "").split(",").map((n) => n.trim());
    const values: [string, string][] = [
      [lat, latitude.toFixed(5)],
      [lon, longitude.toFixed(5)],
      [this.getAttribute("accuracy") ?? "", String(metres)],
      [this.getAttribute("method") ?? "", "gps"],
    ];
    for (const [name, value] of values) {
      const f = name ? field(this, name) : null;
      if (!f) continue;
      f.value = value;
      f.dispatchEvent(new Event("input", { bubbles: true }));
      f.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}

customElements.define("p-gps", Gps);
