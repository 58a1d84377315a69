// <p-vertices for="ID of a textarea">: the same positions as a list, for hands that use keys. The textarea stays the one form control.
import { html, nothing, render, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { live } from "lit/directives/live.js";
import { language } from "../lib/page";
import { understand, type Understood } from "../lib/understood";
import { word } from "../lib/words";
import { id } from "./id";

const pause = 250; // milliseconds after the last key

interface Row {
  key: number; // stays with the row while it moves
  text: string;
}

class Vertices extends HTMLElement {
  #area: HTMLTextAreaElement | null = null;
  #rows: Row[] = [];
  #next = 0;
  #said = new Map<string, Understood>(); // by the text that was asked about
  #timer = 0;
  #asked: AbortController | null = null;
  #end: AbortController | null = null;
  #writing = false;
  #failed = "";

  connectedCallback(): void {
    const area = document.getElementById(this.getAttribute("for") ?? "");
    if (!(area instanceof HTMLTextAreaElement)) return;
    this.#area = area;
    this.replaceChildren();
    this.#end = new AbortController();
    area.addEventListener("input", () => !this.#writing && this.#readArea(), { signal: this.#end.signal });
    this.#readArea();
  }

  disconnectedCallback(): void {
    this.#end?.abort();
    this.#asked?.abort();
    clearTimeout(this.#timer);
  }

  #row(text: string): Row {
    return { key: this.#next++, text };
  }

  #readArea(): void {
    const lines = (this.#area?.value ?? "").split("\n").map((l) => l.trim()).filter((l) => l !== "");
    this.#rows = lines.map((text, i) => {
      const old = this.#rows[i];
      return old ? { key: old.key, text } : this.#row(text);
    });
    this.#soon();
    this.#show();
  }

  #writeArea(): void {
    if (!this.#area) return;
    this.#writing = true;
    this.#area.value = this.#rows.map((r) => r.text.trim()).filter((t) => t !== "").join("\n");
    this.#area.dispatchEvent(new Event("input", { bubbles: true }));
    this.#writing = false;
    this.#soon();
    this.#show();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#understand(), pause);
  }

  async #understand(): Promise<void> {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    for (const { text } of [...this.#rows]) {
      if (text.trim() === "" || this.#said.has(text)) continue;
      try {
        this.#said.set(text, await understand(`/${language}/understood`, { text }, asked.signal));
      } catch {
        if (asked.signal.aborted) return;
        break;
      }
      this.#show();
    }
  }

  #move(i: number, by: -1 | 1): void {
    const [row] = this.#rows.splice(i, 1);
    if (!row) return;
    this.#rows.splice(i + by, 0, row);
    this.#writeArea();
    const at = i + by;
    const act = (by < 0 && at > 0) || (by > 0 && at === this.#rows.length - 1) ? "up" : "down";
    this.#focus(at, act);
  }

  #remove(i: number): void {
    this.#rows.splice(i, 1);
    this.#writeArea();
    if (this.#rows.length > 0) this.#focus(Math.min(i, this.#rows.length - 1), "remove");
    else this.querySelector<HTMLElement>("[data-act=add]")?.focus();
  }

  #add(text: string): void {
    this.#rows.push(this.#row(text));
    this.#writeArea();
    this.#focus(this.#rows.length - 1, "text");
  }

  #focus(i: number, act: string): void {
    this.querySelectorAll("li")[i]?.querySelector<HTMLElement>(`[data-act=${act}]`)?.focus();
  }

  async #addFrom(): Promise<void> {
    const value = (name: string): string => this.querySelector<HTMLInputElement>(`[data-name=${name}]`)?.value.trim() ?? "";
    const from = this.#rows.at(-1)?.text;
    this.#failed = "";
    if (!from || !value("bearing") || !value("metres")) return;
    try {
      const query = new URLSearchParams({ from, bearing: value("bearing"), metres: value("metres") });
      const answer = await fetch(`/${language}/destination?${query}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      const said = (await answer.json()) as { text?: string; error?: string; detail?: string };
      if (answer.ok && said.text) {
        this.#add(said.text);
        return;
      }
      this.#failed = said.error ?? said.detail ?? word("js.vertices.failed");
    } catch {
      this.#failed = word("js.vertices.failed");
    }
    this.#show();
  }

  #echo(text: string): TemplateResult | typeof nothing {
    const said = this.#said.get(text);
    if (!said) return nothing;
    if (!said.ok) return html`<span class="error" dir="auto">${said.error}</span>`;
    const line = said.lines?.[0];
    return html`${line ? id(line.kind, line.text) : nothing}`;
  }

  #show(): void {
    const last = this.#rows.length - 1;
    render(
      html`<ol aria-label=${word("js.vertices.label")}>
          ${repeat(
            this.#rows,
            (row) => row.key,
            (row, i) => html`<li>
              <input
                class="ltr" dir="ltr" data-act="text" autocomplete="off" spellcheck="false"
                aria-label=${word("js.vertices.position", { number: i + 1 })}
                .value=${live(row.text)}
                @input=${(e: Event) => {
                  row.text = (e.currentTarget as HTMLInputElement).value;
                  this.#writeArea();
                }}
                @keydown=${(e: KeyboardEvent) => {
                  if (e.key !== "Enter") return;
                  e.preventDefault();
                  this.#add("");
                }}
              />
              <span class="echo">${this.#echo(row.text)}</span>
              <span class="row-actions">
                ${this.#button("up", i, i === 0, "↑", () => this.#move(i, -1))} ${this.#button("down", i, i === last, "↓", () => this.#move(i, 1))}
                ${this.#button("remove", i, false, "×", () => this.#remove(i))}
              </span>
            </li>`,
          )}
        </ol>
        <div class="actions">
          <button type="button" class="button" data-act="add" @click=${() => this.#add("")}>${word("js.vertices.add")}</button>
        </div>
        ${this.#rows.length > 0
          ? html`<fieldset>
              <legend>${word("js.vertices.from")}</legend>
              <label>${word("js.vertices.bearing")}<input class="ltr" dir="ltr" inputmode="decimal" data-name="bearing" data-no-keep @keydown=${this.#enterAdds} /></label>
              <label>${word("js.vertices.metres")}<input class="ltr" dir="ltr" inputmode="decimal" data-name="metres" data-no-keep @keydown=${this.#enterAdds} /></label>
              <button type="button" class="button" @click=${() => void this.#addFrom()}>${word("js.vertices.add_from")}</button>
            </fieldset>`
          : nothing}
        <p class="error" role="alert" ?hidden=${this.#failed === ""} dir="auto">${this.#failed}</p>`,
      this,
    );
  }

  #enterAdds = (e: KeyboardEvent): void => {
    if (e.key !== "Enter") return;
    e.preventDefault();
    void this.#addFrom();
  };

  #button(act: "up" | "down" | "remove", i: number, off: boolean, sign: string, press: () => void): TemplateResult {
    return html`<button type="button" class="button quiet" data-act=${act} ?disabled=${off} aria-label=${word(`js.vertices.${act}`, { number: i + 1 })} @click=${press}>
      <span aria-hidden="true">${sign}</span>
    </button>`;
  }
}

customElements.define("p-vertices", Vertices);
