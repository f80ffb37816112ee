import { useEffect } from "react";
import { placePosts } from "../../api/people";
import { tell } from "../../state/notices";
import { hover, workspace } from "../../state/workspace";
import { tellFault } from "../actions";
import { type Speaker, useSpeaker } from "../language";
import type { Drawn } from "../usePlan";

/** What a dragged post is known by while it is dragged. */
const kind = "application/x-gridwright-post";

export interface Dragged {
  readonly post: number;
  readonly version: number;
  readonly name: string;
}

/** Begins to drag a post. */
export function drag(e: DragEvent, post: Dragged): void {
  e.dataTransfer?.setData(kind, JSON.stringify(post));
}

export const carries = (e: DragEvent) => e.dataTransfer?.types.includes(kind) ?? false;

/** Puts a post on a grid and tells so. */
export async function putOn(drawn: Drawn, post: Dragged, code: string, speaker: Speaker): Promise<void> {
  try {
    await placePosts(drawn.plan.id, [{ post: post.post, version: post.version, grids: code ? [code] : [] }]);
    tell("done", speaker.say(code ? "people.placed" : "people.taken", { name: post.name, grid: code }));
  } catch (fault) {
    tellFault(fault, speaker);
  }
}

/** Puts what is dropped on a grid's code. */
export function dropped(e: DragEvent, drawn: Drawn, code: string | undefined, speaker: Speaker): void {
  const text = e.dataTransfer?.getData(kind);
  if (!text) return;
  e.preventDefault();
  hover(null);
  if (code) void putOn(drawn, JSON.parse(text) as Dragged, code, speaker);
}

/** Lets posts be dropped on grids of the map: what the map says the pointer is over is where they go. */
export function useDropOnMap(drawn: Drawn): void {
  const speaker = useSpeaker();
  useEffect(() => {
    const map = document.querySelector<HTMLElement>(".map");
    if (!map) return;
    const over = (e: DragEvent) => {
      if (!carries(e)) return;
      e.preventDefault();
      // The map hears nothing of pointers while something is dragged.
      const { clientX, clientY } = e;
      map.querySelector("canvas")?.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY, bubbles: true }));
    };
    const drop = (e: DragEvent) => {
      const { hovered } = workspace.getState();
      dropped(e, drawn, hovered === null ? undefined : drawn.byNo.get(hovered)?.code, speaker);
    };
    map.addEventListener("dragover", over);
    map.addEventListener("drop", drop);
    return () => {
      map.removeEventListener("dragover", over);
      map.removeEventListener("drop", drop);
    };
  }, [drawn, speaker]);
}
