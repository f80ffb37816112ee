import { useQuery } from "@tanstack/react-query";
import { findingsDocument } from "../api/documents";
import { boxOf, pointOf } from "../core/box";
import type { Finding } from "../core/contract";
import { choose, look, openGrid } from "../state/workspace";
import { useSpeaker } from "./language";
import { Loading } from "./states";
import type { Drawn } from "./usePlan";

/** The rules a plan breaks, each in a sentence; a click goes there. */
export function Findings({ drawn }: { readonly drawn: Drawn }) {
  const { say, language } = useSpeaker();
  const findings = useQuery(findingsDocument(drawn.plan.id, language)).data?.findings;
  if (!findings) return <Loading />;
  if (findings.length === 0) {
    return (
      <div className="panel-state">
        <h2>{say("findings.none")}</h2>
        <p>{say("findings.none.words")}</p>
      </div>
    );
  }
  const go = (finding: Finding) => {
    const grid = drawn.grids.find((g) => g.code === finding.grid);
    const at = pointOf(finding.at);
    if (grid) openGrid(grid.no, boxOf(grid.bbox));
    else if (at) look({ at });
    const blocks = finding.blocks.flatMap((code) => drawn.ground.indexOfCode.get(code) ?? []);
    if (grid && blocks.length > 0 && blocks.length <= 40 && blocks.every((b) => drawn.wished[b] === grid.no)) {
      choose({ grid: grid.no, blocks, target: null });
    }
  };
  return (
    <ul className="list findings">
      {findings.map((finding, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a finding has no name, and the list is replaced whole
        <li key={`${finding.rule} ${finding.grid} ${i}`}>
          <button type="button" className="row finding" onClick={() => go(finding)}>
            <span className={`chip severity-${finding.severity}`}>{say(`findings.${finding.severity}`)}</span>
            <span>{finding.words}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
