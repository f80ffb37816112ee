import { useState } from "react";
import { Refused } from "../api/client";
import { tellFault } from "./actions";
import type { Speaker } from "./language";

/** Asking the service for something: whether an answer is awaited, and why the last one was no, in words. */
export function useAttempt(speaker: Speaker, first = "") {
  const [fault, setFault] = useState(first);
  const [sending, setSending] = useState(false);
  const attempt = async (act: () => Promise<unknown>) => {
    setFault("");
    setSending(true);
    try {
      await act();
    } catch (reason) {
      if (reason instanceof Refused) setFault(reason.message);
      else tellFault(reason, speaker);
    }
    setSending(false);
  };
  return { fault, setFault, sending, attempt };
}
