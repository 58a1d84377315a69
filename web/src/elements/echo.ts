// <p-echo for="lat,lon" src>: under position fields, what was understood of them.
import { field } from "../lib/page";
import { understand, type Understood } from "../lib/understood";
import { word } from "../lib/words";
import { id } from "./id";

const pause = 250; // milliseconds after the last key

class Echo extends HTMLElement {
  #timer = 0;
  #asked: AbortController | null = null;
  #end: AbortController | null = null;

  connectedCallback(): void {
    this.setAttribute("aria-live", "polite");
    this.#end = new AbortController();
    for (const f of this.#fields()) f.addEventListener("input", () => this.#soon(), { signal: this.#end.signal });
    if (this.childElementCount === 0 && this.#question()) this.#soon();
  }

  disconnectedCallback(): void {
    this.#end?.abort();
    this.#asked?.abort();
    clearTimeout(this.#timer);
  }

  #names(): string[] {
    return (this.getAttribute("for") ?? "").split(",").map((n) => n.trim());
  }

  #fields() {
    return this.#names().flatMap((n) => field(this, n) ?? []);
  }

  #question(): Record<string, string> | null {
    const values = this.#fields().map((f) => f.value.trim());
    if (values.length === 0 || values.some((v) => v === "")) return null;
    return values.length === 2 ? { lat: values[0] ?? "", lon: values[1] ?? "" } : { text: values[0] ?? "" };
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), pause);
  }

  async #ask(): Promise<void> {
    this.#asked?.abort();
    const question = this.#question();
    if (!question) {
      this.replaceChildren();
      return;
    }
    const asked = (this.#asked = new AbortController());
    try {
      this.#show(await understand(this.getAttribute("src") ?? "", question, asked.signal));
    } catch {
      if (!asked.signal.aborted) this.#show({ ok: false, lines: null, error: word("js.echo.failed") });
    }
  }

  #show(said: Understood): void {
    const parts: HTMLElement[] = [];
    // A position that was read may still come with a doubt, such as that it lies outside the theatre.
    if (said.error) {
      const p = document.createElement("p");
      p.className = "error";
      p.dir = "auto";
      p.textContent = said.error;
      parts.push(p);
    }
    if (said.ok) parts.unshift(this.#lines(said));
    this.replaceChildren(...parts);
  }

  #lines(said: Understood): HTMLElement {
    const list = document.createElement("ul");
    for (const line of said.lines ?? []) {
      const item = document.createElement("li");
      item.append(id(line.kind, line.text));
      list.append(item);
    }
    if (said.near) {
      const item = document.createElement("li");
      item.dir = "auto";
      item.textContent = said.near;
      list.append(item);
    }
    return list;
  }
}

customElements.define("p-echo", Echo);
