// <p-clock datetime data-now data-from>: time left by the server's clock, in words first.
import { say } from "../lib/page";
import { word } from "../lib/words";

// In an exercise with simulated time the clock stands still until somebody sets it forward: then the page is new.
const still = document.documentElement.hasAttribute("data-simulated");

const announced = [60, 30, 10]; // seconds left

// One beat for all clocks of the page.
const clocks = new Set<Clock>();
setInterval(() => {
  for (const clock of clocks) clock.tick();
}, 1000);

/** left puts a span of seconds into words. */
export function left(seconds: number): string {
  const s = Math.floor(seconds);
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  if (h >= 48) return word("js.clock.days", { d: Math.floor(h / 24), h: h % 24 });
  if (h >= 1) return word("js.clock.hours", { h, m });
  return `${m}:${String(s % 60).padStart(2, "0")}`;
}

class Clock extends HTMLElement {
  static readonly observedAttributes = ["datetime"];
  #due = NaN; // milliseconds UTC
  #from = NaN;
  #page = NaN; // the server's time when the page was made
  #ahead = 0; // server's clock minus this device's, milliseconds
  #before = Infinity;

  connectedCallback(): void {
    this.#read();
    const now = Date.parse(this.dataset["now"] ?? "");
    // The page may have been on its way for a while: what counts is when its first byte came.
    const page = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined;
    const first = document.readyState === "complete" ? Date.now() : performance.timeOrigin + (page?.responseStart ?? performance.now());
    this.#page = now;
    this.#ahead = Number.isNaN(now) ? 0 : now - first;
    if (!this.hasAttribute("role")) this.setAttribute("role", "timer");
    clocks.add(this);
    this.tick();
  }

  disconnectedCallback(): void {
    clocks.delete(this);
  }

  attributeChangedCallback(): void {
    this.#read();
  }

  #read(): void {
    this.#due = Date.parse(this.getAttribute("datetime") ?? "");
    this.#from = Date.parse(this.dataset["from"] ?? "");
    this.#before = Infinity;
  }

  tick(): void {
    if (Number.isNaN(this.#due)) return;
    const now = still ? this.#page : Date.now() + this.#ahead;
    const seconds = (this.#due - now) / 1000;
    const text = seconds >= 0 ? left(seconds) : word("js.clock.past", { time: left(-seconds) });
    if (this.textContent !== text) this.textContent = text;
    const share = Number.isNaN(this.#from) ? 1 : (this.#due - now) / (this.#due - this.#from);
    this.classList.toggle("half", seconds >= 0 && share < 0.5 && share >= 0.2);
    this.classList.toggle("low", seconds >= 0 && share < 0.2);
    this.classList.toggle("past", seconds < 0);
    for (const at of announced) if (this.#before > at && seconds <= at && this.#before !== Infinity) say(word("js.clock.announce", { seconds: at }));
    this.#before = seconds;
  }
}

customElements.define("p-clock", Clock);
