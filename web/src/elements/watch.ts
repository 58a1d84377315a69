// <p-watch>: a duty officer's watch in this browser: a tone, a vibration and a title while a stop waits for somebody to take it.
//
// Sound needs a gesture, so a watch begins with a button, which plays the tone once. Of all tabs of a browser one sounds. The ladder
// runs on the server; this is one channel of several, and a device that sleeps does not ring.
import { lead } from "../lib/lead";
import { say, theatre } from "../lib/page";
import { word } from "../lib/words";

const tones = [880, 660]; // hertz, in turn
const beat = 500; // milliseconds a tone

class Watch extends HTMLElement {
  #audio: AudioContext | null = null;
  #timer = 0;
  #leading = false;
  #title = document.title;

  connectedCallback(): void {
    if (this.#audio || this.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button primary";
    button.textContent = word("js.watch.start");
    button.addEventListener("click", () => void this.#start());
    const state = document.createElement("p");
    state.className = "watch-state";
    state.setAttribute("role", "status");
    this.append(button, state);
  }

  async #start(): Promise<void> {
    this.#audio ??= new AudioContext();
    await this.#audio.resume();
    this.querySelector("button")?.remove();
    this.dataset["watch"] = "on";
    this.#tell(word("js.watch.on", { time: new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }) }));
    this.#tone(0); // the test of the alarm
    await (navigator as Navigator & { wakeLock?: { request(kind: string): Promise<unknown> } }).wakeLock?.request("screen").catch(() => undefined);
    lead(`parley-watch-${theatre}-${document.documentElement.dataset["key"] ?? ""}`, () => {
      this.#leading = true;
      this.#look();
      return () => {
        this.#leading = false;
        this.#look();
      };
    });
    new MutationObserver(() => this.#look()).observe(document.body, { childList: true, subtree: true });
    this.#look();
  }

  /** look compares the page with the alarm: it sounds while a stop on the page waits to be taken. */
  #look(): void {
    const raised = document.querySelector("[data-raised]") !== null;
    if (raised && this.dataset["waiting"] !== "yes") say(word("js.watch.stop"));
    this.dataset["waiting"] = raised ? "yes" : "no";
    const title = raised ? `(!) ${word("js.watch.stop")} – ${this.#title}` : this.#title;
    if (raised && document.title !== title) document.title = title;
    if (!raised && document.title.includes(word("js.watch.stop"))) document.title = this.#title;
    const sound = raised && this.#leading;
    if (sound === (this.#timer !== 0)) return;
    if (!sound) {
      clearInterval(this.#timer);
      this.#timer = 0;
      navigator.vibrate?.(0);
    } else {
      let n = 0;
      this.#timer = setInterval(() => this.#tone(n++), beat);
    }
    this.dataset["alarm"] = sound ? "on" : "off";
  }

  #tone(n: number): void {
    const audio = this.#audio;
    if (!audio) return;
    const source = audio.createOscillator();
    const volume = audio.createGain();
    source.frequency.value = tones[n % tones.length] ?? 880;
    volume.gain.value = 0.3;
    source.connect(volume).connect(audio.destination);
    source.start();
    source.stop(audio.currentTime + (beat - 50) / 1000);
    navigator.vibrate?.(beat - 100);
  }

  #tell(text: string): void {
    const state = this.querySelector(".watch-state");
    if (state) state.textContent = text;
  }
}

customElements.define("p-watch", Watch);
