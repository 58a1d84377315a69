// The page as the server wrote it: which theatre, which language, and how parts of a newer copy take the place of old ones.

export const theatre = document.documentElement.dataset["theatre"] ?? "";
export const language = document.documentElement.lang || "en";
export const exercise = document.documentElement.hasAttribute("data-exercise");

type Policy = { createHTML(text: string): string };

// Only answers of our own server, asked for by this page, go through this policy. Scripts in a parsed document never run.
const policy: Policy =
  (globalThis as unknown as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }).trustedTypes?.createPolicy("parley-page", {
    createHTML: (text) => text,
  }) ?? { createHTML: (text) => text };

/** parse reads a page that our server answered with. */
export function parse(html: string): Document {
  return new DOMParser().parseFromString(policy.createHTML(html), "text/html");
}

/** html returns the text of an answer when it is a page of our own server, and null otherwise. */
export async function pageOf(answer: Response): Promise<Document | null> {
  const type = answer.headers.get("Content-Type") ?? "";
  if (!type.startsWith("text/html") || (answer.url && new URL(answer.url).origin !== location.origin)) return null;
  return parse(await answer.text());
}

type Setup = (root: ParentNode) => void;
const setups: Setup[] = [];

/** whenReady runs a set-up for the page, and again for each part that replaces an old one. */
export function whenReady(setup: Setup): void {
  setups.push(setup);
  setup(document);
}

function renewed(part: Element): void {
  for (const setup of setups) setup(part);
}

/** replaceMain puts the <main> of another copy of the page in place of ours and moves the focus to its errors. */
export function replaceMain(copy: Document): boolean {
  const old = document.querySelector("main");
  const main = copy.querySelector("main");
  if (!old || !main) return false;
  const part = document.adoptNode(main);
  old.replaceWith(part);
  if (copy.title) document.title = copy.title;
  renewed(part);
  focusOn(part.querySelector<HTMLElement>(".error-summary") ?? part);
  return true;
}

export function focusOn(part: HTMLElement): void {
  if (!part.hasAttribute("tabindex")) part.tabIndex = -1;
  part.focus();
  part.scrollIntoView({ block: "nearest" });
}

/** refresh asks for the page again and renews each part marked data-live, except one in which somebody is writing. */
export async function refresh(): Promise<void> {
  const parts = [...document.querySelectorAll<HTMLElement>("[data-live][id]")].filter(renewable);
  if (parts.length === 0) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const copy = await pageOf(answer);
  if (!copy) return;
  for (const part of parts) {
    const fresh = copy.getElementById(part.id);
    // Somebody may have begun to write while the answer was on its way.
    if (!fresh || !part.isConnected || !renewable(part)) continue;
    const at = focusIn(part);
    const put = document.adoptNode(fresh);
    part.replaceWith(put);
    renewed(put);
    if (at) put.querySelector<HTMLElement>(at)?.focus();
  }
}

function renewable(part: HTMLElement): boolean {
  if (part.hasAttribute("data-dirty") || part.querySelector("[data-dirty]")) return false;
  const active = document.activeElement;
  return !(active && part.contains(active) && active.matches("input, select, textarea, [contenteditable]"));
}

// focusIn names the link or button of a part that holds the focus, so that a renewed part gets it back.
function focusIn(part: HTMLElement): string | null {
  const active = document.activeElement;
  if (!active || active === part || !part.contains(active)) return null;
  if (active.id) return `#${CSS.escape(active.id)}`;
  const href = active.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : null;
}

/** say tells people who listen to the page rather than look at it. */
export function say(text: string): void {
  let heard = document.getElementById("heard");
  if (!heard) {
    heard = document.createElement("p");
    heard.id = "heard";
    heard.className = "heard screen-only";
    heard.setAttribute("aria-live", "polite");
    document.body.append(heard);
  }
  heard.textContent = text;
}

/** field finds a field by id or, in the same form, by name. */
export function field(from: Element, name: string): HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | null {
  const found = document.getElementById(name) ?? from.closest("form")?.elements.namedItem(name) ?? null;
  return found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement || found instanceof HTMLSelectElement ? found : null;
}
