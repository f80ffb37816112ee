import { Menu } from "@base-ui/react/menu";
import type { Paper } from "../api/address";
import { DownIcon, DownloadIcon } from "./icons";
import { useSpeaker } from "./language";

const papers: readonly Paper[] = ["xlsx", "csv", "geojson", "assignment"];

/** The papers of a plan to take away. */
export function DownloadMenu({ address }: { readonly address: (paper: Paper) => string }) {
  const { say } = useSpeaker();
  return (
    <Menu.Root>
      <Menu.Trigger className="quiet dark">
        <DownloadIcon />
        {say("download")}
        <DownIcon />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="floating" sideOffset={6} align="end">
          <Menu.Popup className="menu" aria-label={say("download")}>
            {papers.map((paper) => (
              <Menu.LinkItem key={paper} className="menu-item" href={address(paper)} download closeOnClick>
                {say(`download.${paper}`)}
              </Menu.LinkItem>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
