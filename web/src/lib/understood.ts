// What the server understood of a position that somebody typed. The browser never reads notations itself: one reader, one truth.

export interface Understood {
  ok: boolean;
  lines: { kind: string; text: string }[] | null;
  near?: string;
  error?: string;
}

/** understand asks; it throws when the line fails or the question was withdrawn. */
export async function understand(src: string, question: Record<string, string>, signal: AbortSignal): Promise<Understood> {
  const url = new URL(src, location.href);
  for (const [name, value] of Object.entries(question)) url.searchParams.set(name, value);
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", signal });
  const type = answer.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) throw new TypeError(`${url.pathname}: read ${type}; expected JSON`);
  return (await answer.json()) as Understood;
}
