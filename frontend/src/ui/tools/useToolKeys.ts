import { useEffect } from "react";
import { boxOf } from "../../core/box";
import { ended, unpointed } from "../../core/cutting";
import { resized, toolOf } from "../../core/toolbox";
import type { MapController } from "../../map/controller";
import { preferences } from "../../state/preferences";
import { isMidway, layDown, takeUp, toolbox } from "../../state/toolbox";
import { choose, openDialog, openGrid, workspace } from "../../state/workspace";
import type { Speaker } from "../language";
import type { Drawn } from "../usePlan";
import { inMenu, isPressable, isWriting } from "../useShortcuts";
import { lockAll } from "./acts";
import { confirmTool } from "./confirm";
import { goToProblem } from "./problems";

/** The keys of the tools; those of the header, undo and redo, are in useShortcuts. */
export function useToolKeys(map: MapController | null, drawn: Drawn | null, speaker: Speaker): void {
  useEffect(() => {
    if (!map || !drawn) return;
    const done = (e: KeyboardEvent) => {
      e.preventDefault();
      e.stopImmediatePropagation();
    };
    const onKey = (e: KeyboardEvent) => {
      if (workspace.getState().dialog || e.defaultPrevented || isWriting(e.target) || inMenu(e.target)) return;
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const key = e.key.toLowerCase();
      const { cut, tool, brush, recent } = toolbox.getState();
      if (key === " " && !isPressable(e.target) && !isTicked(e.target)) {
        toolbox.setState({ panning: true });
        return done(e);
      }
      if (e.key === "?") return openDialog({ kind: "keys" });
      if (e.shiftKey && key === "k") return lockAll(drawn, speaker, true);
      if (key === "n") return goToProblem(drawn, e.shiftKey ? -1 : 1, speaker);
      if (key === "d") {
        preferences.setState(({ colour }) => ({ colour: colour === "grid" ? "deviation" : "grid" }));
        return;
      }
      if (key === "[" || key === "]") return toolbox.setState({ brush: resized(brush, key === "]" ? 1 : -1) });
      if (key === "escape" && tool !== "select") {
        if (isMidway()) {
          layDown();
          map.release();
        } else takeUp("select");
        return done(e);
      }
      if (key === "enter" && tool !== "select" && !isPressable(e.target)) {
        if (confirmTool(drawn, map, speaker)) return done(e);
        if (cut.points.length > 1) toolbox.setState({ cut: ended(cut), next: null });
        return;
      }
      if (key === "backspace" && cut.points.length > 0) {
        toolbox.setState({ cut: unpointed(cut) });
        return done(e);
      }
      if (/^[1-9]$/.test(key) && workspace.getState().choice.blocks.length === 0) {
        const no = recent[Number(key) - 1];
        const grid = no === undefined ? undefined : drawn.byNo.get(no);
        if (grid && tool === "select") openGrid(grid.no, boxOf(grid.bbox));
        else if (grid) choose({ grid: grid.no, blocks: [], target: null });
        return;
      }
      const next = e.shiftKey ? null : toolOf(key);
      if (next) takeUp(next);
    };
    const onUp = (e: KeyboardEvent) => e.key === " " && toolbox.setState({ panning: false });
    // Before the keys of the plan: Esc and Enter belong to the tool while one is in hand.
    addEventListener("keydown", onKey, { capture: true });
    addEventListener("keyup", onUp);
    return () => {
      removeEventListener("keydown", onKey, { capture: true });
      removeEventListener("keyup", onUp);
      toolbox.setState({ panning: false });
    };
  }, [map, drawn, speaker]);
}

/** Reports whether the space bar would tick a box. */
const isTicked = (at: EventTarget | null) =>
  at instanceof HTMLInputElement || (at instanceof Element && at.matches("[role=tab]"));
