// Forms and small buttons, by delegation, so that renewed parts of the page need no wiring.
import { say, theatre, whenReady } from "../lib/page";
import { leaveOut } from "../lib/session";
import { word } from "../lib/words";
import { prepareEnter, submitEnter } from "./enter";
import { prepareKeep } from "./keep";
import "./review";
import "./seal";
import { busy } from "./show";
import { prepareSignIn } from "./sign-in";
import { submitSigned } from "./sign";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  if (form.matches("[data-enter]")) {
    event.preventDefault();
    void submitEnter(form, event.submitter);
  } else if (form.matches("[data-sign]")) {
    event.preventDefault();
    void submitSigned(form, event.submitter);
  } else if (form.method === "post") {
    if (form.hasAttribute("data-busy")) {
      event.preventDefault();
      return;
    }
    if (form.matches("[data-sign-out]")) leaveOut(theatre, document.documentElement.dataset["key"] ?? "", true);
    // The browser reads the pressed button's value after this event; only then may the buttons go dark.
    setTimeout(() => busy(form, true));
  }
});

// A page that comes back from the browser's own store must not keep its buttons dark.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll<HTMLFormElement>("form[data-busy]")) busy(form, false);
});

document.addEventListener("click", (event) => {
  const pressed = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-print], [data-copy]") : null;
  if (!pressed) return;
  if (pressed.hasAttribute("data-print")) window.print();
  else void copy(pressed);
});

async function copy(button: HTMLElement): Promise<void> {
  const from = document.querySelector<HTMLElement>(button.dataset["copy"] ?? "");
  const text = from instanceof HTMLInputElement || from instanceof HTMLTextAreaElement ? from.value : from?.textContent?.trim();
  if (!from || !text) return;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Over plain HTTP the clipboard is shut; selecting leaves one key to press.
    getSelection()?.selectAllChildren(from);
    return;
  }
  const before = [...button.childNodes];
  button.replaceChildren(word("js.copied"));
  say(word("js.copied"));
  setTimeout(() => button.replaceChildren(...before), 2000);
}

whenReady((root) => {
  prepareKeep(root);
  void prepareEnter(root);
  void prepareSignIn(root);
});
