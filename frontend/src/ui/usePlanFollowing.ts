import { useEffect, useLayoutEffect } from "react";
import { useStore } from "zustand";
import { documents, readAgain } from "../api/documents";
import { isEditing, knownRevision } from "../api/edits";
import { listen } from "../api/events";
import { deletedHere } from "../api/plans";
import type { Plan } from "../core/contract";
import { hashFor, planIn, sheetIn } from "../state/address";
import { connection } from "../state/connection";
import { tell } from "../state/notices";
import { openPlan, turnTo, workspace } from "../state/workspace";
import type { Speaker } from "./language";

/** Opens the plan the address names, else the newest that has a result, else the newest; turns to the sheet it names; and keeps the address true. */
export function useAddress(plans: readonly Plan[] | undefined, { say }: Speaker): void {
  const id = useStore(workspace, (w) => w.plan);
  const sheet = useStore(workspace, (w) => w.sheet);
  // Before anything is written into the address.
  useLayoutEffect(() => turnTo(sheetIn(location.hash)), []);
  useEffect(() => {
    if (!plans) return;
    const wished = id ?? planIn(location.hash);
    if (plans.some((p) => p.id === wished)) return openPlan(wished);
    if (id !== null && !deletedHere.has(id)) tell("fault", say("plan.gone"));
    openPlan((plans.find((p) => p.state === "draft" && !p.archived) ?? plans[0])?.id ?? null);
  }, [plans, id, say]);
  useEffect(() => {
    const read = workspace.getState();
    if (!plans || read.plan !== id || read.sheet !== sheet) return;
    if (id !== null || plans.length === 0) {
      const hash = hashFor(id, sheet);
      if (location.hash !== hash) history.replaceState(null, "", hash || location.pathname + location.search);
    }
  }, [plans, id, sheet]);
  useEffect(() => {
    const follow = () => {
      const wished = planIn(location.hash);
      if (wished !== null) openPlan(wished);
      turnTo(sheetIn(location.hash));
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
}

/** Keeps the open plan fresh: edits of others and of the command line appear by themselves. */
export function useEvents(open: Plan | undefined, { language }: Speaker): void {
  const id = open?.id;
  const draft = open?.state === "draft";
  useEffect(() => {
    if (id === undefined || !draft) return;
    return listen(id, language, {
      revision(revision) {
        // The answer to an edit of this page brings its own revision.
        if (!isEditing() && revision > knownRevision(id)) void readAgain(id);
      },
      state(plan) {
        if (!isEditing() && knownRevision(id) > 0 && plan.revision > knownRevision(id)) void readAgain(id);
      },
    });
  }, [id, draft, language]);
}

/** Reads everything anew when the service is back after it was away. */
export function useRecovery(): void {
  useEffect(
    () =>
      connection.subscribe((now, before) => {
        if (before.lost && !now.lost) void documents.invalidateQueries();
      }),
    [],
  );
}
