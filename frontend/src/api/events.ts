import type { Job, Plan } from "../core/contract";
import type { Language } from "../core/language/language";
import { eventsAddress } from "./address";
import { documents } from "./documents";

/** What is heard of a plan. The service tells how things stand, so a listener that was away misses nothing. */
export interface Listener {
  state?(plan: Plan): void;
  progress?(job: Job): void;
  revision?(revision: number): void;
}

/** Listens to a plan until the returned function is called. The browser takes up a lost stream again by itself. */
export function listen(plan: string, language: Language, listener: Listener): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(eventsAddress(plan, language));
    source.addEventListener("state", (e) => listener.state?.(JSON.parse(e.data) as Plan));
    source.addEventListener("progress", (e) => listener.progress?.(JSON.parse(e.data) as Job));
    source.addEventListener("revision", (e) =>
      listener.revision?.((JSON.parse(e.data) as { revision: number }).revision),
    );
    source.addEventListener("error", () => {
      // Whether the service is gone shows in a request that is answered or not.
      void documents.invalidateQueries({ queryKey: ["plans"] });
      // A stream answered with an error, as by a proxy whose service is away, is not taken up again by the browser.
      if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, 3000);
    });
  };
  open();
  return () => {
    clearTimeout(again);
    source?.close();
  };
}
