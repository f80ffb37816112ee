import { type FormEvent, useState } from "react";
import { unwaive, waive } from "../../api/divisions";
import { boxOf, pointOf } from "../../core/box";
import type { CheckedFinding, Outlook } from "../../core/contract";
import { look, openGrid } from "../../state/workspace";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import type { Drawn } from "../usePlan";

const severities = ["error", "warning", "note"] as const;

interface Props {
  readonly drawn: Drawn;
  readonly outlook: Outlook;
}

/** What keeps the plan from being published, what warns, what else is to be known; warnings may be taken as they are. */
export function CheckList({ drawn, outlook }: Props) {
  const { say } = useSpeaker();
  return (
    <div className="review-scroll">
      {severities.map((severity) => {
        const found = outlook.findings.filter((f) => f.severity === severity);
        return (
          <section key={severity} data-heap={severity}>
            <h2 className="review-heap">
              {say(`review.heap.${severity}`)} <span className="muted">{found.length}</span>
            </h2>
            <ul className="list findings">
              {found.map((finding) => (
                <Found key={`${finding.rule} ${finding.subject}`} drawn={drawn} finding={finding} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function Found({ drawn, finding }: { readonly drawn: Drawn; readonly finding: CheckedFinding }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState("");
  const go = () => {
    const grid = drawn.grids.find((g) => g.code === finding.grid);
    const at = pointOf(finding.at);
    if (grid) openGrid(grid.no, boxOf(grid.bbox));
    else if (at) look({ at });
  };
  const attempt = async (act: Promise<void>) => {
    try {
      await act;
      setAsked(false);
    } catch (fault) {
      tellFault(fault, speaker);
    }
  };
  const save = (e: FormEvent) => {
    e.preventDefault();
    void attempt(waive(drawn.plan.id, finding, reason.trim()));
  };
  const { waiver } = finding;
  return (
    <li data-found={`${finding.rule} ${finding.subject}`} data-waived={waiver !== null}>
      <button type="button" className="row finding" onClick={go}>
        <span>{finding.words}</span>
      </button>
      {waiver && (
        <p className="muted review-waiver">
          {say("review.waived", { reason: waiver.reason })}{" "}
          <button type="button" className="small" onClick={() => void attempt(unwaive(drawn.plan.id, waiver.id))}>
            {say("review.unwaive")}
          </button>
        </p>
      )}
      {!waiver && finding.severity === "warning" && !asked && (
        <p className="review-waiver">
          <button type="button" className="small" onClick={() => setAsked(true)} data-waive>
            {say("review.waive")}
          </button>
        </p>
      )}
      {asked && !waiver && (
        <form className="review-waiver" onSubmit={save}>
          <label className="field">
            <span>{say("review.reason")}</span>
            <input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={1000} required />
          </label>
          <button type="submit" className="small" disabled={!reason.trim()}>
            {say("review.waive.save")}
          </button>{" "}
          <button type="button" className="small" onClick={() => setAsked(false)}>
            {say("page.cancel")}
          </button>
        </form>
      )}
    </li>
  );
}
