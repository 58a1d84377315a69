// A text that is read into claims, by keys: which claim is looked at, taken, changed or left out. Each claim is a form of its own that works without this.
import { id } from "../elements/id";
import { say, whenReady } from "../lib/page";
import { word } from "../lib/words";

function open(card: HTMLElement): boolean {
  return card.dataset["state"] === "open";
}

whenReady((root) => {
  for (const region of root.querySelectorAll<HTMLElement>("[data-review]")) prepare(region);
});

function prepare(region: HTMLElement): void {
  const cards = [...region.querySelectorAll<HTMLElement>("[data-claim]")];
  const kept = `parley.left.${region.dataset["review"] ?? ""}`;
  const left = new Set(read(kept));
  document.querySelector("[data-review-keys]")?.removeAttribute("hidden");
  for (const card of cards) {
    const button = card.querySelector<HTMLButtonElement>("[data-leave]");
    button?.removeAttribute("hidden");
    button?.addEventListener("click", () => leave(card));
    if (left.has(card.dataset["claim"] ?? "") && open(card)) show(card, "left");
    card.addEventListener("focusin", () => look(card));
    card.addEventListener("parley:stored", (event) => taken(card, (event as CustomEvent<{ ref?: string }>).detail.ref ?? ""));
  }
  region.addEventListener("keydown", (event) => key(event));
  const tried = cards.find((card) => card.querySelector("details[open]"));
  const first = tried ?? cards.find(open);
  if (!document.querySelector(".error-summary") && first && !location.hash) go(first);

  // look marks a claim as the one that is looked at, here and in the text.
  function look(card: HTMLElement): void {
    for (const other of cards) other.toggleAttribute("data-current", other === card);
    const number = card.dataset["claim"] ?? "";
    let seen = false;
    for (const mark of region.querySelectorAll<HTMLElement>("mark")) {
      const on = (mark.dataset["claims"] ?? "").split(" ").includes(number);
      mark.toggleAttribute("data-current", on);
      if (on && !seen) mark.scrollIntoView({ block: "nearest" });
      seen ||= on;
    }
  }

  function go(card: HTMLElement | undefined): void {
    if (!card) return;
    look(card); // a tab in the background moves its focus without a word
    card.focus();
    card.scrollIntoView({ block: "nearest" });
  }

  function current(): HTMLElement | undefined {
    return cards.find((card) => card.hasAttribute("data-current"));
  }

  function step(by: number): void {
    const at = cards.indexOf(current() as HTMLElement);
    go(cards[Math.min(Math.max(at + by, 0), cards.length - 1)]);
  }

  // onward goes to the next claim that nobody has said anything about, and round again.
  function onward(from: HTMLElement): void {
    const at = cards.indexOf(from);
    go([...cards.slice(at + 1), ...cards.slice(0, at)].find(open) ?? from);
  }

  function leave(card: HTMLElement): void {
    const number = card.dataset["claim"] ?? "";
    const out = card.dataset["state"] !== "left";
    if (out) left.add(number);
    else left.delete(number);
    write(kept, [...left]);
    show(card, out ? "left" : "open");
    say(out ? word("js.review.left") : word("js.review.open"));
    if (out) onward(card);
  }

  function taken(card: HTMLElement, ref: string): void {
    show(card, "taken", ref);
    card.querySelector("form")?.remove();
    say(`${word("js.review.taken")} ${ref}`);
    onward(card);
  }

  function key(event: KeyboardEvent): void {
    const card = current();
    const within = event.target instanceof Element ? event.target : null;
    const writing = within?.matches("input, select, textarea") ?? false;
    const details = card?.querySelector("details") ?? null;
    if (event.code === "Escape" && card) {
      if (details) details.open = false;
      go(card);
    } else if (event.code === "Enter" && card && (within === card || (writing && event.ctrlKey))) {
      if (open(card)) card.querySelector("form")?.requestSubmit();
    } else if (writing || event.ctrlKey || event.altKey || event.metaKey || within?.matches("section.text")) {
      return;
    } else if (event.code === "ArrowDown" || event.code === "KeyJ") {
      step(1);
    } else if (event.code === "ArrowUp" || event.code === "KeyK") {
      step(-1);
    } else if (event.code === "KeyX" && card && card.dataset["state"] !== "taken") {
      leave(card);
    } else if (event.code === "KeyE" && card && details && open(card)) {
      details.open = true;
      details.querySelector<HTMLElement>("input, select, textarea")?.focus();
    } else {
      return;
    }
    event.preventDefault();
  }
}

// show writes what became of a proposed claim, by word and shape.
function show(card: HTMLElement, state: "open" | "taken" | "left", ref = ""): void {
  card.dataset["state"] = state;
  const button = card.querySelector("[data-leave]");
  if (button) button.textContent = state === "left" ? word("js.review.back") : word("js.review.leave");
  const line = card.querySelector(".said-state");
  if (!line) return;
  line.replaceChildren();
  if (state === "open") return;
  const mark = document.createElement("span");
  mark.className = state === "taken" ? "status status-acknowledged" : "status status-lapsed";
  mark.textContent = state === "taken" ? word("js.review.taken") : word("js.review.left");
  line.append(mark);
  if (ref) {
    const link = document.createElement("a");
    link.href = `/${document.documentElement.lang}/claims/${ref}`;
    link.append(id("ref", ref));
    line.append(" ", link);
  }
}

function read(name: string): string[] {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(name) ?? "[]");
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}

function write(name: string, list: string[]): void {
  try {
    sessionStorage.setItem(name, JSON.stringify(list));
  } catch {
    // A full or closed store: what was left out is forgotten with the page.
  }
}
