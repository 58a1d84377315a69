// form[data-sign]: a command that this device signs.
import { check, DraftFault, draftType, nextOf, send, type Draft } from "../lib/command";
import { currentKey, type DeviceKey } from "../lib/keys";
import { pageOf, replaceMain, theatre } from "../lib/page";
import { signIn } from "../lib/session";
import { word } from "../lib/words";
import { forget } from "./keep";
import { addressOf, busy, fault, fieldsOf, plainly, problem, quiet } from "./show";

/** SignedOut says that the server no longer takes this device's session, nor a new one. */
class SignedOut extends Error {}

// again repeats a request once after signing in anew.
async function again(key: DeviceKey, ask: () => Promise<Response>): Promise<Response> {
  const answer = await ask();
  if (answer.status !== 401) return answer;
  if (!(await signIn(key))) throw new SignedOut();
  return ask();
}

/** submitSigned sends a form's fields, checks and signs the draft that comes back, sends it, and goes on. */
export async function submitSigned(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  if (form.hasAttribute("data-busy")) return;
  const fields = fieldsOf(form, submitter);
  const address = addressOf(form, submitter);
  busy(form, true);
  quiet(form);
  try {
    const key = await currentKey(theatre, document.documentElement.dataset["key"]).catch(() => null);
    if (!key) {
      // Without a key here, the server signs where it may, or says what is needed.
      plainly(form, submitter);
      return;
    }
    const answer = await again(key, () => ask(address, fields, key.id));
    if (!answer.headers.get("Content-Type")?.startsWith(draftType)) {
      if (answer.ok && answer.redirected && new URL(answer.url).origin === location.origin) {
        location.assign(answer.url);
        return;
      }
      const page = await pageOf(answer.clone());
      if (!page || !replaceMain(page)) await problem(form, answer);
      return;
    }
    const draft = (await answer.json()) as Draft;
    const body = await check(draft, key);
    const stored = await again(key, () => send(draft, body, key));
    if (!stored.ok) {
      await problem(form, stored);
      return;
    }
    forget(form);
    if (form.hasAttribute("data-stay")) {
      form.dispatchEvent(new CustomEvent("parley:stored", { bubbles: true, detail: await stored.json() }));
      return;
    }
    location.assign(nextOf(draft, (await stored.json()) as { name?: string; ref?: string }));
  } catch (e) {
    fault(form, reason(e));
  } finally {
    busy(form, false);
  }
}

/** ask posts fields and asks for a draft. */
export function ask(address: string, fields: URLSearchParams, keyID: string): Promise<Response> {
  return fetch(address, { method: "POST", headers: { Accept: draftType, "Parley-Key": keyID }, credentials: "same-origin", body: fields });
}

/** reason puts a failure into words. */
export function reason(e: unknown): string {
  if (e instanceof DraftFault) return word("js.draft_differs");
  if (e instanceof SignedOut) return word("js.signed_out");
  if (!(e instanceof TypeError)) console.error(e);
  return word("js.not_sent");
}
