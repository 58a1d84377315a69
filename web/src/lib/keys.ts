// Keys of this device. A private key is made here, never leaves, and no script can read it: the browser only lends it for signing.
import { hex, sha256, type Bytes } from "./bytes";

/** DeviceKey is a key of one theatre on this device. */
export interface DeviceKey {
  id: string; // first 16 bytes of SHA-256 of the public key, hexadecimal
  theatre: string;
  label: string;
  publicKey: string; // 64 hexadecimal digits
  privateKey: CryptoKey;
  made: number; // milliseconds UTC
  enrolled: boolean; // false until the server has stored the enrolment
  usedAt: number; // last sign-in, milliseconds UTC
}

/** canSign reports whether this browser makes Ed25519 keys; over plain HTTP none does. */
export async function canSign(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return "indexedDB" in globalThis;
  } catch {
    return false;
  }
}

export async function makeKey(theatre: string, label: string): Promise<DeviceKey> {
  const pair = (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const key: DeviceKey = {
    id: hex((await sha256(raw)).slice(0, 16)),
    theatre,
    label,
    publicKey: hex(raw),
    privateKey: pair.privateKey,
    made: Date.now(),
    enrolled: false,
    usedAt: 0,
  };
  await putKey(key);
  await navigator.storage?.persist?.().catch(() => false);
  return key;
}

export async function sign(key: DeviceKey, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign("Ed25519", key.privateKey, bytes));
}

export async function putKey(key: DeviceKey): Promise<void> {
  await request("readwrite", (store) => store.put(key));
}

async function allKeys(theatre: string): Promise<DeviceKey[]> {
  if (!("indexedDB" in globalThis)) return [];
  const keys = await request<DeviceKey[]>("readonly", (store) => store.index("theatre").getAll(theatre));
  return keys.sort((a, b) => b.usedAt - a.usedAt || b.made - a.made);
}

/** keysOf returns the enrolled keys of a theatre, the last used first. */
export async function keysOf(theatre: string): Promise<DeviceKey[]> {
  return (await allKeys(theatre)).filter((k) => k.enrolled);
}

/** currentKey returns the key that this device signs with in a theatre: the one whose session the page is of, else the one that signed in last. */
export async function currentKey(theatre: string, session: string | undefined): Promise<DeviceKey | null> {
  const keys = await keysOf(theatre);
  return (session ? keys.find((k) => k.id === session) : keys[0]) ?? null;
}

/** begunKey returns a key whose enrolment was begun on this device but never answered, so that trying again makes no second one. */
export async function begunKey(theatre: string, label: string): Promise<DeviceKey | null> {
  return (await allKeys(theatre)).find((k) => !k.enrolled && k.label === label) ?? null;
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("parley", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: ["theatre", "id"] }).createIndex("theatre", "theatre");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

// request resolves when the transaction is complete: a key counts as kept only then.
async function request<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  const db = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const tx = db.transaction("keys", mode);
      const asked = ask(tx.objectStore("keys"));
      tx.oncomplete = () => resolve(asked.result as T);
      tx.onerror = tx.onabort = () => reject(tx.error);
    });
  } finally {
    db.close();
  }
}
