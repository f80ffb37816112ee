import { useEffect } from "react";
import { steppedBack } from "../core/picking";
import { groundwork, openFinding } from "../state/groundwork";
import { choose, openDialog, workspace } from "../state/workspace";
import { chosenTargets, moveChosen, stepBackOrForth, stepFinding } from "./actions";
import type { Speaker } from "./language";
import type { OnGround } from "./useGround";
import type { Drawn } from "./usePlan";

/** The keys of a planner at work: Ctrl+Z and Ctrl+Shift+Z, digits for the target, Enter to move, Esc to step back. */
export function useShortcuts(drawn: Drawn | null, speaker: Speaker): void {
  useEffect(() => {
    if (!drawn) return;
    const onKey = (e: KeyboardEvent) => {
      const { dialog, choice } = workspace.getState();
      if (dialog || e.defaultPrevented || isWriting(e.target) || inMenu(e.target)) return;
      const key = e.key.toLowerCase();
      if ((e.ctrlKey || e.metaKey) && (key === "z" || key === "y")) {
        e.preventDefault();
        void stepBackOrForth(drawn, key === "y" || e.shiftKey ? "redo" : "undo", speaker);
        return;
      }
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      if (key === "escape") choose(steppedBack(choice));
      else if (key === "s") {
        e.preventDefault(); // or the letter is written into the field that gets the focus
        openDialog({ kind: "split", scope: drawn.byNo.get(choice.grid ?? 0)?.parent ?? "all" });
      } else if (/^[1-9]$/.test(key) && choice.blocks.length > 0) {
        const target = chosenTargets(drawn)[Number(key) - 1];
        if (target !== undefined) choose({ ...choice, target });
      } else if (key === "enter" && choice.target !== null && !isPressable(e.target)) {
        e.preventDefault();
        moveChosen(drawn, speaker);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [drawn, speaker]);
}

/** The keys on the ground: N and Shift+N go to the next finding and the one before, Esc closes it. */
export function useGroundShortcuts(ground: OnGround | null): void {
  useEffect(() => {
    if (!ground) return;
    const onKey = (e: KeyboardEvent) => {
      if (workspace.getState().dialog || e.defaultPrevented || isWriting(e.target) || inMenu(e.target)) return;
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const key = e.key.toLowerCase();
      if (key === "n") stepFinding(ground.groups, e.shiftKey ? -1 : 1);
      else if (key === "escape" && groundwork.getState().finding !== null) openFinding(null);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [ground]);
}

export function isWriting(at: EventTarget | null): boolean {
  return (
    at instanceof HTMLTextAreaElement ||
    (at instanceof HTMLInputElement && at.type !== "checkbox" && at.type !== "radio") ||
    at instanceof HTMLSelectElement
  );
}

export function inMenu(at: EventTarget | null): boolean {
  return at instanceof Element && at.closest("[role=menu], [role=dialog]") !== null;
}

export function isPressable(at: EventTarget | null): boolean {
  return at instanceof HTMLButtonElement || at instanceof HTMLAnchorElement;
}
