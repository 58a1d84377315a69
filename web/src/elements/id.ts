/** id makes the one element for values whose digits must never be reordered: references, positions, dates, telephone numbers, grids, hashes. */
export function id(kind: string, text: string): HTMLElement {
  const made = document.createElement("p-id");
  made.setAttribute("kind", kind);
  made.dir = "ltr";
  made.textContent = text;
  return made;
}
