// Commands that this device signs: the server drafts, this page checks the draft against what it knows, signs and sends.
import { base64, hex, join, sha256, unbase64, unhex, utf8, type Bytes } from "./bytes";
import { sign, type DeviceKey } from "./keys";
import { theatre } from "./page";

export const draftType = "application/vnd.parley.draft+json";
const commandType = "application/vnd.parley.command+json";

export interface Signature {
  keyid: string;
  sig: string;
}

export interface Draft {
  body: string; // base64 of the command's JSON
  payloads: { salt: string; text: string }[] | null;
  signatures: Signature[] | null;
  send: string;
  next: string;
}

/** DraftFault is a draft that this page must not sign. */
export class DraftFault extends Error {}

// pae is the pre-authentication encoding of DSSE 1.0.2: the bytes that are signed.
function pae(body: Bytes): Bytes {
  return join(utf8(`DSSEv1 ${commandType.length} ${commandType} ${body.length} `), body);
}

/** check throws unless the draft is of this theatre, is this device's own or already its author's, and each text belongs to it. */
export async function check(draft: Draft, key: DeviceKey): Promise<Bytes> {
  let body: Bytes;
  let command: { theatre?: unknown; key?: unknown };
  try {
    body = unbase64(draft.body);
    command = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as typeof command;
  } catch {
    throw new DraftFault("the draft is no command");
  }
  if (command.theatre !== theatre) throw new DraftFault(`theatre: read ${String(command.theatre)}; expected ${theatre}`);
  if (!draft.signatures?.length && command.key !== key.id) throw new DraftFault(`key: read ${String(command.key)}; expected ${key.id}`);
  const stated = strings(command);
  for (const { salt, text } of draft.payloads ?? []) {
    const commitment = hex(await sha256(join(utf8("parley payload v1\n"), unhex(salt), utf8(text))));
    if (!stated.has(commitment)) throw new DraftFault("a text opens no commitment of the draft");
  }
  for (const path of [draft.send, draft.next]) {
    if (new URL(path, location.href).origin !== location.origin) throw new DraftFault(`address: read ${path}; expected one of this server`);
  }
  return body;
}

function strings(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === "string") found.add(value);
  else if (value && typeof value === "object") for (const part of Object.values(value)) strings(part, found);
  return found;
}

/** send signs a checked draft and sends it. */
export async function send(draft: Draft, body: Bytes, key: DeviceKey): Promise<Response> {
  const signature: Signature = { keyid: key.id, sig: base64(await sign(key, pae(body))) };
  const envelope = { payload: draft.body, payloadType: commandType, signatures: [...(draft.signatures ?? []), signature] };
  return fetch(draft.send, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    credentials: "same-origin",
    body: JSON.stringify({ envelope, payloads: draft.payloads ?? [] }),
  });
}

/** nextOf fills in where to go once the command is stored. */
export function nextOf(draft: Draft, stored: { name?: string; ref?: string }): string {
  return draft.next.replace(/\{(name|ref)\}/g, (_, part: "name" | "ref") => encodeURIComponent(stored[part] ?? ""));
}
