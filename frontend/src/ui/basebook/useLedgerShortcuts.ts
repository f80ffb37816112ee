import { useEffect } from "react";
import { closed, withoutLast } from "../../core/sketch";
import { basebook, chooseCommunity, drawAs, endTask, openThing } from "../../state/basebook";
import { workspace } from "../../state/workspace";
import { inMenu, isPressable, isWriting } from "../useShortcuts";

/** The keys in the base book: Enter ends what is drawn, Backspace takes back its last point, Esc closes what is open. */
export function useLedgerShortcuts(open: boolean): void {
  useEffect(() => {
    if (!open) return;
    const onKey = (e: KeyboardEvent) => {
      const { task, thing, sketch, community } = basebook.getState();
      if (workspace.getState().dialog || e.defaultPrevented || isWriting(e.target) || inMenu(e.target)) return;
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const drawing = sketch?.open ? sketch : null;
      if (e.key === "Enter" && drawing && !isPressable(e.target)) drawAs(closed(drawing));
      else if (e.key === "Backspace" && drawing) drawAs(withoutLast(drawing));
      else if (e.key === "Escape" && task) endTask();
      else if (e.key === "Escape" && thing) openThing(null);
      else if (e.key === "Escape" && community !== null) chooseCommunity(null);
      else return;
      e.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [open]);
}
