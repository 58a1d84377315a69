// form[data-keep]: what was typed stays on this device until the command is stored or the person discards it.
import { id } from "../elements/id";
import { theatre } from "../lib/page";
import { word } from "../lib/words";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
interface Kept {
  at: number; // milliseconds UTC
  fields: Record<string, string[]>;
}

const place = (form: HTMLFormElement): string => `parley.keep.${theatre}.${form.dataset["keep"] ?? ""}`;

function fields(form: HTMLFormElement): Field[] {
  return [...form.elements].filter(
    (f): f is Field =>
      (f instanceof HTMLInputElement || f instanceof HTMLSelectElement || f instanceof HTMLTextAreaElement) &&
      f.name !== "" &&
      !["password", "hidden", "submit", "button", "file"].includes(f.type) &&
      !f.closest("[data-no-keep]"),
  );
}

const ticks = (f: Field): f is HTMLInputElement => f instanceof HTMLInputElement && (f.type === "checkbox" || f.type === "radio");

// untouched reports whether a form holds only what the page itself says: nothing that a person wrote is ever overwritten. Fields that
// the page fills with a proposal, such as the hours of an area, are marked.
function untouched(form: HTMLFormElement): boolean {
  return fields(form).every((f) => (ticks(f) ? f.checked === f.defaultChecked : f instanceof HTMLSelectElement || "prefilled" in f.dataset || f.value === ""));
}

function read(form: HTMLFormElement): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place(form)) ?? "null") as Kept | null;
    return kept && typeof kept.at === "number" && typeof kept.fields === "object" ? kept : null;
  } catch {
    return null;
  }
}

function write(form: HTMLFormElement): void {
  const kept: Kept = { at: Date.now(), fields: read(form)?.fields ?? {} };
  for (const f of fields(form)) kept.fields[f.name] = [];
  for (const f of fields(form)) if (!ticks(f) || f.checked) kept.fields[f.name]?.push(f.value);
  try {
    localStorage.setItem(place(form), JSON.stringify(kept));
  } catch {
    // A full or closed store takes nothing away from the form itself.
  }
}

/** forget drops what was kept of a form. */
export function forget(form: HTMLFormElement): void {
  if (!form.dataset["keep"]) return;
  try {
    localStorage.removeItem(place(form));
  } catch {
    // Nothing was kept then.
  }
}

/** prepareKeep restores kept fields into forms that are still empty, and keeps what is typed from now on. */
export function prepareKeep(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-keep]")) {
    const kept = read(form);
    if (kept && untouched(form) && restore(form, kept)) note(form, kept);
    form.addEventListener("input", () => write(form));
    form.addEventListener("change", () => write(form));
  }
}

function restore(form: HTMLFormElement, kept: Kept): boolean {
  let any = false;
  const left = new Map(Object.entries(kept.fields).map(([name, values]) => [name, [...values]]));
  for (const f of fields(form)) {
    const values = left.get(f.name);
    if (!values) continue;
    if (ticks(f)) {
      const on = values.includes(f.value);
      any ||= on !== f.checked;
      f.checked = on;
      continue;
    }
    const value = values.shift();
    if (value === undefined || value === f.value) continue;
    f.value = value;
    any = true;
    f.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return any;
}

function note(form: HTMLFormElement, kept: Kept): void {
  const line = document.createElement("p");
  line.className = "kept";
  const text = document.createElement("span");
  const [before = "", after = ""] = word("js.kept").split("{time}");
  text.append(before, id("date", stamp(new Date(kept.at))), after);
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "button quiet";
  discard.textContent = word("js.discard");
  discard.addEventListener("click", () => {
    form.reset();
    for (const f of fields(form)) f.dispatchEvent(new Event("input", { bubbles: true }));
    forget(form);
    line.remove();
  });
  line.append(text, discard);
  form.prepend(line);
}

// stamp writes a time of this device as a person files it, without its seconds.
function stamp(t: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${two(t.getHours())}:${two(t.getMinutes())}`;
}
