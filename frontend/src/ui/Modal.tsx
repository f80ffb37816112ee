import { type ReactNode, useEffect, useId, useRef } from "react";
import { openDialog } from "../state/workspace";
import { CloseIcon } from "./icons";
import { useSpeaker } from "./language";

interface Props {
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** What stands before the page until it is answered: the platform's dialog, which keeps the keyboard to itself. */
export function Modal({ title, className = "", children }: Props) {
  const { say } = useSpeaker();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const beside = useRef(false);
  useEffect(() => {
    const came = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (came instanceof HTMLElement) came.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard's way is Escape, which the platform turns into a cancel
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-labelledby={id}
      onCancel={(e) => {
        if (e.target !== e.currentTarget) return; // of a file chooser within
        e.preventDefault(); // the page's state says whether it is open
        openDialog(null);
      }}
      // A press that began within, to select text, is none beside it.
      onPointerDown={(e) => {
        beside.current = e.target === e.currentTarget;
      }}
      onClick={(e) => beside.current && e.target === e.currentTarget && openDialog(null)}
    >
      <div className="dialog-body">
        <div className="dialog-head">
          <h2 className="dialog-title" id={id}>
            {title}
          </h2>
          <button
            type="button"
            className="quiet square"
            aria-label={say("page.close")}
            onClick={() => openDialog(null)}
          >
            <CloseIcon />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
