import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useStore } from "zustand";
import { divisionsDocument, outlookDocument } from "../../api/divisions";
import type { Division } from "../../core/contract";
import { openDialog, workspace } from "../../state/workspace";
import { useSpeaker } from "../language";
import { Tabs } from "../parts/Tabs";
import { Loading } from "../states";
import type { Drawn } from "../usePlan";
import { CheckList } from "./CheckList";
import { Divisions } from "./Divisions";
import { LineageTable } from "./LineageTable";
import { PublishDialog } from "./PublishDialog";
import "./review.css";

const tabs = ["check", "change", "divisions"] as const;

/** Review is where a plan is checked and published, and divisions are looked at (审核). */
export function Review({ drawn }: { readonly drawn: Drawn }) {
  const { say, language } = useSpeaker();
  const [tab, setTab] = useState<(typeof tabs)[number]>("check");
  const dialog = useStore(workspace, (w) => w.dialog);
  const outlook = useQuery(outlookDocument(drawn.plan.id, language)).data;
  const divisions = useQuery(divisionsDocument()).data;
  if (!outlook || !divisions) return <Loading />;
  const published = divisions.divisions.find((d) => d.plan === drawn.plan.id);
  return (
    <>
      <section className="review-head" data-blocked={outlook.blocked}>
        <PublishedWords division={published} revision={drawn.revision} />
        <p className={outlook.blocked ? "form-fault" : "muted"} role="status">
          {outlook.blocked ? say("review.blocked", { n: outlook.errors }) : say("review.free")}
        </p>
        <button
          type="button"
          className="primary"
          disabled={outlook.blocked}
          onClick={() => openDialog({ kind: "publish" })}
          data-publish
        >
          {say("review.publish")}
        </button>
      </section>
      <Tabs
        label={say("sheet.review")}
        tabs={tabs}
        value={tab}
        onChange={setTab}
        head={(tab) => say(`review.tab.${tab}`)}
      >
        {tab === "check" && <CheckList drawn={drawn} outlook={outlook} />}
        {tab === "change" && <LineageTable rows={outlook.lineage} kinds={outlook.kinds} measure={outlook.measure} />}
        {tab === "divisions" && <Divisions divisions={divisions.divisions} today={divisions.today} />}
      </Tabs>
      {dialog?.kind === "publish" && <PublishDialog drawn={drawn} outlook={outlook} />}
    </>
  );
}

/** Whether the plan is a draft or was published, and at which revision. */
function PublishedWords({
  division,
  revision,
}: {
  readonly division: Division | undefined;
  readonly revision: number;
}) {
  const { say } = useSpeaker();
  if (!division) return <p className="chip">{say("review.draft")}</p>;
  const key = division.revision === revision ? "review.published" : "review.published.since";
  return (
    <p className="chip" data-division={division.id}>
      {say(key, { division: String(division.id), day: division.effective })}
    </p>
  );
}
