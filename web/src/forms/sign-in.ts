// form[data-sign-in]: choose one of this device's keys.
import { keysOf, type DeviceKey } from "../lib/keys";
import { theatre } from "../lib/page";
import { signIn } from "../lib/session";
import { word } from "../lib/words";
import { busy, fault, quiet } from "./show";

/** prepareSignIn lists this device's keys above the form's own text, which stays when there is none. */
export async function prepareSignIn(root: ParentNode): Promise<void> {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-sign-in]")) {
    const keys = await keysOf(theatre).catch((): DeviceKey[] => []);
    if (keys.length === 0) continue;
    const list = document.createElement("ul");
    list.className = "keys";
    for (const key of keys) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = keys.length === 1 ? "button primary" : "button";
      button.dir = "auto";
      button.textContent = key.label || key.id;
      button.addEventListener("click", () => void choose(form, key));
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    }
    for (const part of form.children) if (part instanceof HTMLElement) part.hidden = true;
    form.prepend(list);
  }
}

async function choose(form: HTMLFormElement, key: DeviceKey): Promise<void> {
  if (form.hasAttribute("data-busy")) return;
  busy(form, true);
  quiet(form);
  try {
    if (!(await signIn(key))) {
      fault(form, word("js.refused"));
      return;
    }
    const next = new URL(form.dataset["next"] ?? "/", location.href);
    location.assign(next.origin === location.origin ? next.href : "/");
  } catch {
    fault(form, word("js.not_sent"));
  } finally {
    busy(form, false);
  }
}
