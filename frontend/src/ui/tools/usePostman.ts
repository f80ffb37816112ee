import { useEffect } from "react";
import { useStore } from "zustand";
import { deliver, deliverTo } from "../../api/edits";
import { connection } from "../../state/connection";
import { tell } from "../../state/notices";
import { outbox } from "../../state/outbox";
import type { Speaker } from "../language";
import { tellRefused } from "./acts";

/** Tells what became of edits, and sends those that waited as soon as the service is back. */
export function usePostman(speaker: Speaker): void {
  useEffect(
    () =>
      deliverTo({
        done: (letter) => tell("done", letter.words),
        refused: (letter, fault) => tellRefused(letter, fault, speaker),
      }),
    [speaker],
  );
  useEffect(
    () =>
      connection.subscribe((now, before) => {
        if (before.lost && !now.lost) void deliver();
      }),
    [],
  );
}

/** Returns how many edits wait for the service to come back; those just on their way are none. */
export function useWaiting(): number {
  const lost = useStore(connection, (c) => c.lost);
  return useStore(outbox, (o) => (o.stuck || lost ? o.letters.length : 0));
}
