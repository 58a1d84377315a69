// form[data-enter]: a new member's first key on this device.
import { check, draftType, nextOf, send, type Draft } from "../lib/command";
import { begunKey, canSign, makeKey, putKey } from "../lib/keys";
import { pageOf, replaceMain, theatre } from "../lib/page";
import { signIn } from "../lib/session";
import { word } from "../lib/words";
import { addressOf, busy, fault, fieldsOf, problem, quiet } from "./show";
import { ask, reason } from "./sign";

/** prepareEnter leaves the forms to the server, and says so, where the browser cannot keep a key. */
export async function prepareEnter(root: ParentNode): Promise<void> {
  const forms = root.querySelectorAll<HTMLFormElement>("form[data-enter]");
  if (forms.length === 0 || (await canSign())) return;
  for (const form of forms) {
    form.removeAttribute("data-enter");
    const note = document.createElement("p");
    note.className = "warning";
    note.textContent = word("js.no_ed25519");
    form.prepend(note);
  }
}

export async function submitEnter(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  if (form.hasAttribute("data-busy")) return;
  busy(form, true);
  quiet(form);
  try {
    const label = form.dataset["label"] ?? "";
    const key = (await begunKey(theatre, label)) ?? (await makeKey(theatre, label));
    const hidden = form.elements.namedItem("key");
    if (hidden instanceof HTMLInputElement) hidden.value = key.publicKey;
    const answer = await ask(addressOf(form, submitter), fieldsOf(form, submitter), key.id);
    if (!answer.headers.get("Content-Type")?.startsWith(draftType)) {
      const page = await pageOf(answer.clone());
      if (!page || !replaceMain(page)) await problem(form, answer);
      return;
    }
    const draft = (await answer.json()) as Draft;
    const stored = await send(draft, await check(draft, key), key);
    if (!stored.ok) {
      await problem(form, stored);
      return;
    }
    const made = (await stored.json()) as { name?: string; ref?: string };
    await putKey({ ...key, enrolled: true });
    if (!(await signIn(key))) {
      fault(form, word("js.signed_out"));
      return;
    }
    location.assign(nextOf(draft, made));
  } catch (e) {
    fault(form, reason(e));
  } finally {
    busy(form, false);
  }
}
