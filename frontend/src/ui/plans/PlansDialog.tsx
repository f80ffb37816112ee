import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { divisionsDocument } from "../../api/divisions";
import type { Plan } from "../../core/contract";
import { folded } from "../../core/listing";
import { openDialog, openPlan, turnTo, workspace } from "../../state/workspace";
import { useSpeaker } from "../language";
import { Modal } from "../Modal";
import { SearchField } from "../SearchField";
import { usePlanActs } from "./usePlanActs";
import { useScope } from "./useScope";

/** All plans with what each is, and what can be done with it. */
export function PlansDialog({ plans }: { readonly plans: readonly Plan[] }) {
  const { say, count, moment } = useSpeaker();
  const [search, setSearch] = useState("");
  const [archived, setArchived] = useState(false);
  const scopeOf = useScope();
  const needle = folded(search);
  const shown = plans.filter(
    (p) => (archived || !p.archived) && [p.name, p.id, scopeOf(p)].some((text) => folded(text).includes(needle)),
  );
  const open = (plan: Plan) => {
    openPlan(plan.id);
    turnTo("plan");
    openDialog(null);
  };
  return (
    <Modal title={say("plans.title")} className="wide-dialog">
      <div className="form">
        <div className="plans-tools">
          <SearchField label={say("plans.search")} value={search} onChange={setSearch} />
          <label className="switch">
            <input type="checkbox" checked={archived} onChange={(e) => setArchived(e.target.checked)} />
            {say("plans.archived")}
          </label>
        </div>
        <div className="scroll-x">
          <table className="table plans-table">
            <thead>
              <tr>
                <th scope="col">{say("plans.name")}</th>
                <th scope="col">{say("plans.scope")}</th>
                <th scope="col" className="number">
                  {say("plans.grids")}
                </th>
                <th scope="col" className="number">
                  {say("plans.revision")}
                </th>
                <th scope="col" className="number">
                  {say("plans.findings")}
                </th>
                <th scope="col">{say("plans.made")}</th>
                <th scope="col">
                  <span className="hidden">{say("plans.acts")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((plan) => (
                <tr key={plan.id} data-plan={plan.id} aria-current={plan.id === workspace.getState().plan || undefined}>
                  <th scope="row">
                    <button type="button" className="link" onClick={() => open(plan)}>
                      {plan.name}
                    </button>{" "}
                    <PlanChip plan={plan} />
                    <Origin plan={plan} plans={plans} />
                  </th>
                  <td>{scopeOf(plan)}</td>
                  <td className="number">{plan.grids > 0 ? count(plan.grids) : "–"}</td>
                  <td className="number">{plan.revision > 0 ? String(plan.revision) : "–"}</td>
                  <td className="number">{plan.findings === undefined ? "–" : count(plan.findings)}</td>
                  <td>
                    <time dateTime={plan.created_at}>{moment(plan.created_at)}</time>
                  </td>
                  <td>
                    <Acts plan={plan} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {shown.length === 0 && <p className="list-none">{say("plans.none")}</p>}
        </div>
        <div className="form-end">
          <button type="button" className="quiet" onClick={() => openDialog({ kind: "terms" })}>
            {say("terms.open")}
          </button>
          <button type="button" onClick={() => openDialog(null)}>
            {say("page.close")}
          </button>
        </div>
      </div>
    </Modal>
  );
}

/** The state of a plan in a word. */
export function PlanChip({ plan }: { readonly plan: Plan }) {
  const { say } = useSpeaker();
  const published = useQuery(divisionsDocument()).data?.divisions.some((d) => d.plan === plan.id);
  const state = plan.archived ? "archived" : published ? "published" : plan.state;
  return <span className={`chip state-${state}`}>{say(`plan.state.${state}`)}</span>;
}

/** Where a plan comes from, when it comes from another one. */
function Origin({ plan, plans }: { readonly plan: Plan; readonly plans: readonly Plan[] }) {
  const { say } = useSpeaker();
  const { copy, alternative } = plan.recipe;
  const source = copy && plans.find((p) => p.id === copy);
  if (!source && !alternative) return null;
  return (
    <small className="muted origin">
      {source ? say("plans.copyOf", { name: source.name }) : say("plans.alternative", { n: alternative ?? 2 })}
    </small>
  );
}

function Acts({ plan }: { readonly plan: Plan }) {
  const { say } = useSpeaker();
  const acts = usePlanActs(plan);
  return (
    <span className="row-acts">
      {acts.map(({ key, does }) => (
        <button
          key={key}
          type="button"
          className="quiet small"
          aria-label={`${say(`plan.${key}`)}: ${plan.name}`}
          onClick={does}
        >
          {say(`plan.${key}`)}
        </button>
      ))}
    </span>
  );
}
