// <p-live from="N">: the state of the line, and what follows when a notice comes: title, word, fresh parts of the page.
import { html, render } from "lit";
import { listen, type LineState, type Notice } from "../lib/line";
import { refresh, say } from "../lib/page";
import { word } from "../lib/words";

const pause = 300; // milliseconds; notices come in bursts

class Live extends HTMLElement {
  #state: LineState = "again";
  #count = 0;
  #urgent = false;
  #title = document.title;
  #timer = 0;
  #begun = false;

  connectedCallback(): void {
    this.#show();
    if (this.#begun) return;
    this.#begun = true;
    listen(Number(this.getAttribute("from") ?? 0), { state: (s) => this.#line(s), notice: (n) => this.#notice(n), spool: () => this.#spool() });
    const seen = (): void => this.#seen();
    addEventListener("focus", seen);
    addEventListener("pointerdown", seen);
    addEventListener("keydown", seen);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#seen();
    });
  }

  #line(state: LineState): void {
    this.#state = state;
    this.#show();
    document.documentElement.dataset["line"] = state;
  }

  #notice(notice: Notice): void {
    this.#count++;
    this.#urgent ||= notice.urgent === true;
    document.title = `(${this.#urgent ? "!" : this.#count}) ${this.#title}`;
    say(word(this.#urgent ? "js.line.urgent" : "js.line.notices", { count: this.#count }));
    document.dispatchEvent(new CustomEvent<Notice>("parley-notice", { detail: notice }));
    this.#show();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void refresh().catch(() => undefined), pause);
  }

  // A stop that the journal does not have yet is no notice with a number; it is told all the same.
  #spool(): void {
    say(word("js.line.urgent"));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void refresh().catch(() => undefined), pause);
  }

  #seen(): void {
    if (this.#count === 0) return;
    this.#count = 0;
    this.#urgent = false;
    document.title = this.#title;
    this.#show();
  }

  #show(): void {
    if (!this.#begun) this.replaceChildren();
    render(
      html`<span class="line line-${this.#state}">${word(`js.line.${this.#state}`)}</span>${this.#count > 0
          ? html`<span class="badge">${this.#urgent ? "!" : this.#count}</span>`
          : null}`,
      this,
    );
  }
}

customElements.define("p-live", Live);
