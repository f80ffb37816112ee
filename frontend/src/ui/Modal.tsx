import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { openDialog } from "../state/workspace";
import { CloseIcon } from "./icons";
import { useSpeaker } from "./language";

/** What stands before the page until it is answered. */
export function Modal({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const { say } = useSpeaker();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && openDialog(null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <div className="dialog-head">
            <Dialog.Title className="dialog-title">{title}</Dialog.Title>
            <Dialog.Close className="quiet square" aria-label={say("page.close")}>
              <CloseIcon />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
