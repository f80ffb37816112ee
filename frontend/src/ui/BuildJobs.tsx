import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { documents } from "../api/documents";
import { cancelBuild, isBuilding } from "../api/ground";
import type { Build } from "../core/contract";
import { groundwork, openFinding, stopAwaitingBuild } from "../state/groundwork";
import { tell } from "../state/notices";
import { tellFault } from "./actions";
import { JobProgress } from "./JobProgress";
import { useSpeaker } from "./language";
import type { OnGround } from "./useGround";

/** The builds of the ground under way, each with how far it is; of those asked for here, how they ended is told. */
export function BuildJobs({ ground }: { readonly ground: OnGround }) {
  const { say } = useSpeaker();
  const awaited = useStore(groundwork, (g) => g.awaited);
  const { builds } = ground;
  useEffect(() => {
    for (const build of builds) {
      if (isBuilding(build) || !awaited.includes(build.id) || !stopAwaitingBuild(build.id)) continue;
      if (build.state === "done") {
        // Findings are numbered anew with every build.
        openFinding(null);
        tell("done", say("build.done"));
        for (const of of ["status", "areas", "ground"]) void documents.invalidateQueries({ queryKey: [of] });
      }
      if (build.state === "cancelled") tell("done", say("build.ended"));
      if (build.state === "failed") tell("fault", say("build.fault", { why: build.failure ?? "" }));
    }
  }, [builds, awaited, say]);
  const running = builds.filter((b) => isBuilding(b) && !b.dry_run);
  return (
    <>
      {running.slice(0, 3).map((build) => (
        <BuildCard key={build.id} build={build} ground={ground} />
      ))}
    </>
  );
}

function BuildCard({ build, ground }: { readonly build: Build; readonly ground: OnGround }) {
  const speaker = useSpeaker();
  const { say, nameOf } = speaker;
  const [stopping, setStopping] = useState(false);
  const area = ground.areaByCode.get(build.scope);
  const scope = build.scope === "all" ? say("build.scope.all") : area ? nameOf(area) : build.scope;
  const cancel = async () => {
    setStopping(true);
    try {
      await cancelBuild(build.id);
    } catch (fault) {
      setStopping(false);
      tellFault(fault, speaker);
    }
  };
  return (
    <section className="job" data-build={build.id}>
      <div className="job-head">
        <strong>{say("build.job", { scope })}</strong>
        <button type="button" className="small" disabled={stopping} onClick={() => void cancel()}>
          {say("build.cancel")}
        </button>
      </div>
      <JobProgress progress={build.progress} label={say("build.job", { scope })} />
    </section>
  );
}
