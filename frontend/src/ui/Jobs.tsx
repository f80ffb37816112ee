import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { documents, readAgain } from "../api/documents";
import { listen } from "../api/events";
import { cancelPlan, finishPlan, firstPlan } from "../api/splits";
import type { Job, Plan } from "../core/contract";
import { firstColours } from "../core/palette";
import { tell } from "../state/notices";
import { openPlan, showFirst, stopAwaiting, turnTo, workspace } from "../state/workspace";
import { tellFault } from "./actions";
import { useSpeaker } from "./language";
import { Bar } from "./parts/Bar";

const isRunning = (p: Plan) => p.state === "queued" || p.state === "solving";

// Each listens to a stream of its own, and browsers open six connections to a service at most.
const most = 3;

/** The splits under way, each with how far it is. One asked for on this page opens when it is finished. */
export function Jobs({ plans }: { readonly plans: readonly Plan[] }) {
  const awaited = useStore(workspace, (w) => w.awaited);
  return (
    <>
      {plans
        // A small one may be finished before it was ever seen running.
        .filter((p) => isRunning(p) || awaited.includes(p.id))
        .slice(0, most)
        .map((plan) => (
          <JobCard key={plan.id} plan={plan} />
        ))}
    </>
  );
}

function JobCard({ plan }: { readonly plan: Plan }) {
  const speaker = useSpeaker();
  const { say, percent, language } = speaker;
  const [job, setJob] = useState<Job | undefined>(plan.job);
  const [state, setState] = useState(plan.state);
  const [stopping, setStopping] = useState(false);
  const { id } = plan;

  useEffect(
    () =>
      listen(id, language, {
        progress: setJob,
        state(now) {
          setState(now.state);
          if (now.job) setJob(now.job);
          if (isRunning(now)) return;
          const mine = stopAwaiting(id);
          void documents.invalidateQueries({ queryKey: ["plans"] }).then(() => {
            if (!mine || now.state !== "draft") return;
            openPlan(id);
            turnTo("plan");
          });
          void readAgain(id);
          if (now.state === "draft")
            tell("done", say(now.stopped === "cancelled" ? "job.stopped" : "job.finished", { name: now.name }));
          if (now.state === "cancelled") tell("done", say("job.cancelled", { name: now.name }));
          if (now.state === "failed") tell("fault", say("job.failed", { name: now.name, why: now.error ?? "" }));
        },
      }),
    [id, language, say],
  );

  const first = job?.first ?? false;
  useEffect(() => {
    if (first)
      void firstPlan(id).then(
        (plan) => plan && showFirst({ plan: id, colours: firstColours(plan) }),
        () => undefined,
      );
  }, [id, first]);
  const shown = useStore(workspace, (w) => w.first?.plan === id);

  const stop = async (how: (id: string) => Promise<void>) => {
    setStopping(true);
    try {
      await how(id);
    } catch (fault) {
      setStopping(false);
      tellFault(fault, speaker);
    }
  };
  const known = state === "solving" && job !== undefined && job.total > 0;
  const words = () => {
    if (state === "queued") return say("job.queued");
    if (!known) return say("job.starting");
    const done = say("job.done", { done: job.done, total: job.total });
    return job.worst > 0 ? `${done} · ${say("job.worst", { percent: percent(job.worst) })}` : done;
  };
  return (
    <section className="job" data-job={id}>
      <div className="job-head">
        <strong>{say("job.title", { name: plan.name })}</strong>
        <button type="button" className="small" disabled={stopping} onClick={() => void stop(cancelPlan)}>
          {say("job.cancel")}
        </button>
      </div>
      <Bar label={plan.name} done={known ? job.done : undefined} total={known ? job.total : 1} />
      <p className="muted">{words()}</p>
      {shown && <p className="muted">{say("job.first")}</p>}
      {first && (
        <button type="button" className="small" disabled={stopping} onClick={() => void stop(finishPlan)}>
          {say("job.finish")}
        </button>
      )}
    </section>
  );
}
