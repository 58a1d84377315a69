// What a form shows while it works and when something went wrong.
import { focusOn } from "../lib/page";
import { codeWord, word } from "../lib/words";

/** busy switches the buttons of a form, so that pressing twice sends once. */
export function busy(form: HTMLFormElement, on: boolean): void {
  form.toggleAttribute("data-busy", on);
  for (const button of form.querySelectorAll<HTMLButtonElement>("button, input[type=submit]")) {
    if (on && !button.disabled) {
      button.disabled = true;
      button.dataset["wasOn"] = "";
    } else if (!on && "wasOn" in button.dataset) {
      button.disabled = false;
      delete button.dataset["wasOn"];
    }
    if (button.type === "submit") {
      if (on) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  }
}

/** fault shows lines at the top of a form and moves the focus there. The form keeps its text. */
export function fault(form: HTMLFormElement, ...lines: (string | Node[])[]): void {
  quiet(form);
  const box = document.createElement("div");
  box.className = "error-summary";
  box.dataset["by"] = "page";
  box.setAttribute("role", "alert");
  for (const line of lines) {
    const p = document.createElement("p");
    p.dir = "auto";
    p.append(...(typeof line === "string" ? [line] : line));
    box.append(p);
  }
  form.prepend(box);
  focusOn(box);
}

/** quiet takes away what fault showed. */
export function quiet(form: HTMLFormElement): void {
  form.querySelector(':scope > .error-summary[data-by="page"]')?.remove();
}

/** problem shows what the server said in its problem document (RFC 9457). */
export async function problem(form: HTMLFormElement, answer: Response): Promise<void> {
  let said: { title?: string; detail?: string; code?: string; read?: string; expected?: string } = {};
  try {
    said = (await answer.json()) as typeof said;
  } catch {
    // An answer without a document still has its status.
  }
  const told = said.code ? codeWord(said.code) : undefined;
  const lines: (string | Node[])[] = [told ?? said.detail ?? said.title ?? `${word("js.refused")} (${answer.status})`];
  if (said.read) lines.push(quoted(word("js.read"), said.read));
  if (said.expected) lines.push(quoted(word("js.expected"), said.expected));
  fault(form, ...lines);
}

// quoted puts a value into a text of the page's language. The value comes from the server in English, often with a position: it is set
// apart, left to right, so that its numbers keep their order.
function quoted(text: string, value: string): Node[] {
  const [before = "", after = ""] = text.split("{value}");
  const apart = document.createElement("bdi");
  apart.dir = "ltr";
  apart.lang = "en";
  apart.textContent = value;
  return [document.createTextNode(before), apart, document.createTextNode(after)];
}

/** addressOf is where a form posts to; a field named "action" would hide the property. */
export function addressOf(form: HTMLFormElement, submitter: HTMLElement | null): string {
  return submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
}

/** fieldsOf are the fields of a form as it would send them. */
export function fieldsOf(form: HTMLFormElement, submitter: HTMLElement | null): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) if (typeof value === "string") fields.append(name, value);
  return fields;
}

/** plainly submits a form as if no script ran. */
export function plainly(form: HTMLFormElement, submitter: HTMLElement | null): void {
  const name = submitter?.getAttribute("name");
  if (name) {
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = name;
    hidden.value = submitter?.getAttribute("value") ?? "";
    form.append(hidden);
  }
  HTMLFormElement.prototype.submit.call(form);
}
