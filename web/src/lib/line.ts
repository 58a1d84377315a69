// The line to the inbox: one stream for all tabs of a browser, polling where streams are cut, each notice once.
import { currentKey } from "./keys";
import { lead } from "./lead";
import { theatre } from "./page";
import { leftOut, signIn } from "./session";

export type LineState = "live" | "again" | "polling" | "off" | "out";

export interface Notice {
  number: number;
  kind: string;
  object?: string;
  version?: number;
  due?: string;
  urgent?: boolean;
}

export interface Listener {
  state(state: LineState): void;
  notice(notice: Notice): void;
  /** spool says that an urgent stop which the journal does not have yet was told, or has moved on. */
  spool(): void;
}

type Message = { state: LineState; last: number } | { notice: Notice } | { spool: true } | { hello: true };

const fast = 5_000; // milliseconds between questions in the first minute of polling
const slow = 30_000;
const minute = 60_000;
const failuresBeforePolling = 3;

/** listen follows the inbox from the first number wanted. */
export function listen(from: number, listener: Listener): void {
  // Numbers are an account's own: tabs of another person's session, left open, do not share a line with ours.
  const session = document.documentElement.dataset["key"] ?? "";
  const name = `parley-line-${theatre}-${session}`;
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
  let last = from - 1; // highest number seen in any tab
  let state: LineState = "again";
  let leading = false;

  const tell = (message: Message): void => channel?.postMessage(message);
  const become = (next: LineState): void => {
    state = next;
    listener.state(next);
    tell({ state: next, last });
  };
  const take = (notice: Notice): boolean => {
    if (!(notice.number > last)) return false;
    last = notice.number;
    listener.notice(notice);
    return true;
  };

  let waiting = ""; // the spooled stops, as polling saw them last

  const heardSpool = (): void => {
    listener.spool();
    tell({ spool: true });
  };

  const heard = (notice: Notice): void => {
    if (take(notice)) tell({ notice });
  };

  // ask fetches what was missed. It tells a fallen line from an ended session, which a stream cannot. Sessions end with the server's
  // process: whoever still holds a valid key, and has not signed out, is signed in again without being asked.
  const ask = async (again = false): Promise<"ok" | "out" | "fail"> => {
    try {
      const answer = await fetch(`/v1/inbox?from=${last + 1}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.status === 401) {
        const key = again || leftOut(theatre, session) ? null : await currentKey(theatre, session).catch(() => null);
        return key && (await signIn(key)) ? ask(true) : "out";
      }
      if (!answer.ok) return "fail";
      const { notices, spooled } = (await answer.json()) as { notices: Notice[] | null; spooled?: string };
      for (const notice of notices ?? []) heard(notice);
      if ((spooled ?? "") !== waiting) {
        waiting = spooled ?? "";
        heardSpool();
      }
      return "ok";
    } catch {
      return "fail";
    }
  };

  if (channel) {
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if ("notice" in data) take(data.notice);
      else if ("spool" in data) listener.spool();
      else if ("hello" in data) {
        if (leading) tell({ state, last });
      } else if (!leading) {
        state = data.state;
        listener.state(state);
        // A page that was on its way while the leader heard something asks for it.
        if (data.last > last) void ask();
      }
    };
    tell({ hello: true });
  }

  const start = (): (() => void) => {
    leading = true;
    let stream: EventSource | null = null;
    let timer = 0;
    let failures = 0;
    let pollingSince = 0;
    let triedAt = 0;
    let stopped = false;

    const later = (after: number, what: () => void): void => {
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(what, after);
    };

    const open = (): void => {
      triedAt = Date.now();
      stream = new EventSource(`/v1/inbox/stream?from=${last + 1}`);
      stream.onopen = () => {
        failures = 0;
        pollingSince = 0;
        clearTimeout(timer);
        become("live");
      };
      stream.addEventListener("notice", (event: MessageEvent<string>) => heard(JSON.parse(event.data) as Notice));
      stream.addEventListener("spool", heardSpool);
      // The browser's own retry would ask for the old number and never say why the line fell; ours asks first.
      stream.onerror = () => {
        stream?.close();
        stream = null;
        failures++;
        if (failures >= failuresBeforePolling) {
          pollingSince ||= Date.now();
          later(0, () => void poll());
        } else {
          if (state !== "polling" && state !== "off") become("again");
          later(failures * 1000, () => void ask().then((ok) => (ok === "out" ? end() : open())));
        }
      };
    };

    const poll = async (): Promise<void> => {
      if (stopped) return;
      const got = await ask();
      if (stopped) return;
      if (got === "out") {
        end();
        return;
      }
      become(got === "ok" ? "polling" : "off");
      if (!stream && Date.now() - triedAt >= minute) open();
      later(Date.now() - pollingSince < minute ? fast : slow, () => void poll());
    };

    const end = (): void => {
      stopped = true;
      clearTimeout(timer);
      become("out");
    };

    const online = (): void => {
      if (stopped || stream) return;
      clearTimeout(timer);
      open();
    };
    addEventListener("online", online);
    open();

    return () => {
      leading = false;
      stopped = true;
      clearTimeout(timer);
      stream?.close();
      removeEventListener("online", online);
    };
  };

  lead(name, start);
}
