import type { Paper } from "../api/address";
import { DownIcon, DownloadIcon } from "./icons";
import { useSpeaker } from "./language";
import { Menu, MenuLink } from "./parts/Menu";

const papers: readonly Paper[] = ["xlsx", "csv", "geojson", "assignment"];

/** The papers of a plan to take away. */
export function DownloadMenu({ address }: { readonly address: (paper: Paper) => string }) {
  const { say } = useSpeaker();
  return (
    <Menu
      label={say("download")}
      align="end"
      triggerClass="quiet dark"
      trigger={
        <>
          <DownloadIcon />
          {say("download")}
          <DownIcon />
        </>
      }
    >
      {papers.map((paper) => (
        <MenuLink key={paper} href={address(paper)}>
          {say(`download.${paper}`)}
        </MenuLink>
      ))}
    </Menu>
  );
}
