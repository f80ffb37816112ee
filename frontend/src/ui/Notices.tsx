import { useEffect } from "react";
import { useStore } from "zustand";
import { dismiss, type Notice, notices } from "../state/notices";
import { CloseIcon } from "./icons";
import { useSpeaker } from "./language";

const shownFor = { done: 5000, fault: 12_000 }; // milliseconds; a fault takes longer to read

export function Notices() {
  const all = useStore(notices, (n) => n.all);
  return (
    <div className="notices" role="status" aria-live="polite">
      {all.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const { say } = useSpeaker();
  useEffect(() => {
    const timer = setTimeout(() => dismiss(notice.id), shownFor[notice.tone]);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div className={`notice ${notice.tone}`}>
      <span>{notice.words}</span>
      <button type="button" className="quiet square" aria-label={say("page.close")} onClick={() => dismiss(notice.id)}>
        <CloseIcon />
      </button>
    </div>
  );
}
