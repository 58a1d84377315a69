// One tab leads: it alone holds the stream, because seven streams over HTTP/1.1 freeze a browser (measured).

/** lead calls start in the one tab that leads, now or when the leader goes. start returns what stops it. */
export function lead(name: string, start: () => () => void): void {
  if (navigator.locks) {
    void navigator.locks.request(name, () => {
      start();
      return new Promise<never>(() => undefined);
    });
    return;
  }
  byLease(name, start);
}

// Web Locks need HTTPS. On a plain line the leader renews a lease in the store that all tabs see; one that sees another's name in it steps down.
const beat = 1000; // milliseconds
const stale = 4000;

function byLease(name: string, start: () => () => void): void {
  const me = Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join("");
  let stop: (() => void) | null = null;
  const held = (): { by: string; at: number } | null => {
    try {
      return JSON.parse(localStorage.getItem(name) ?? "null") as { by: string; at: number } | null;
    } catch {
      return null;
    }
  };
  const turn = (): void => {
    const lease = held();
    const mine = lease?.by === me;
    if (mine || !lease || Math.abs(Date.now() - lease.at) > stale) {
      try {
        localStorage.setItem(name, JSON.stringify({ by: me, at: Date.now() }));
      } catch {
        // Without a store each tab stands alone.
      }
      // Two tabs may write at once: who still stands there a beat later leads.
      if (mine && !stop) stop = start();
    } else if (stop) {
      stop();
      stop = null;
    }
  };
  turn();
  setInterval(turn, beat);
  addEventListener("pagehide", () => {
    if (held()?.by === me) localStorage.removeItem(name);
  });
}
