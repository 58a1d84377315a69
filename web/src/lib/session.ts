// A read session: the server's challenge, signed by the device, becomes a cookie that no script can read.
import { base64, utf8 } from "./bytes";
import { putKey, sign, type DeviceKey } from "./keys";

async function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, credentials: "same-origin", body: JSON.stringify(body) });
}

/** signIn opens a session and reports whether the server took the key. It throws when the line fails. */
export async function signIn(key: DeviceKey): Promise<boolean> {
  const asked = await post("/v1/sessions/challenge", { key: key.id });
  if (!asked.ok) return false;
  const { challenge } = (await asked.json()) as { challenge: string };
  // The text is written here, not taken from the answer: this key signs nothing that a server could choose.
  if (typeof challenge !== "string" || !/^[\w+/=.-]{1,200}$/.test(challenge)) return false;
  const signature = base64(await sign(key, utf8(`parley read session v1\n${key.theatre}\n${challenge}\n`)));
  const opened = await post("/v1/sessions", { challenge, signature, cookie: true });
  if (!opened.ok) return false;
  await putKey({ ...key, enrolled: true, usedAt: Date.now() });
  leaveOut(key.theatre, key.id, false);
  return true;
}

/** leaveOut notes that a person has signed out, or in again: a tab that is left open never signs them in by itself. */
export function leaveOut(theatre: string, session: string, out: boolean): void {
  const name = `parley-out-${theatre}-${session}`;
  if (out) localStorage.setItem(name, "yes");
  else localStorage.removeItem(name);
}

/** leftOut reports whether the person has signed out. */
export function leftOut(theatre: string, session: string): boolean {
  return localStorage.getItem(`parley-out-${theatre}-${session}`) !== null;
}
