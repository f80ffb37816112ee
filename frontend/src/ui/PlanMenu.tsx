import type { Plan } from "../core/contract";
import { compareWith, openDialog, openPlan, turnTo } from "../state/workspace";
import { DownIcon } from "./icons";
import { useSpeaker } from "./language";
import { Menu, MenuAct, MenuChoice } from "./parts/Menu";
import { PlanChip } from "./plans/PlansDialog";
import { usePlanActs } from "./plans/usePlanActs";

// More than these are looked for in the list of all plans.
const mostNear = 12;

/** Switches between plans; each shows its state and size. */
export function PlanMenu({ plans, open }: { readonly plans: readonly Plan[]; readonly open: Plan }) {
  const { say, moment, count } = useSpeaker();
  const atHand = plans.filter((p) => !p.archived || p.id === open.id);
  const near = atHand.slice(0, mostNear);
  return (
    <Menu
      label={say("plan.list")}
      align="start"
      className="plans"
      triggerClass="quiet dark plan-name"
      triggerTitle={open.name}
      trigger={
        <>
          <span className="hidden">{say("plan.choose")}</span>
          <span className="plan-name-text">{open.name}</span>
          <PlanChip plan={open} />
          <DownIcon />
        </>
      }
    >
      {near.map((plan) => (
        <MenuChoice key={plan.id} chosen={plan.id === open.id} onChoose={() => openPlan(plan.id)} className="plan-item">
          <span className="plan-item-name">{plan.name}</span>
          <PlanChip plan={plan} />
          <span className="plan-item-more">
            {plan.grids > 0 && `${say("plan.gridsOf", { grids: plan.grids })} · `}
            {say("plan.created", { at: moment(plan.created_at) })}
          </span>
        </MenuChoice>
      ))}
      <MenuAct onAct={() => openDialog({ kind: "plans" })}>
        {say("plans.all")} <span className="badge">{count(plans.length)}</span>
      </MenuAct>
    </Menu>
  );
}

/** What can be done with the open plan. */
export function PlanActs({ plan }: { readonly plan: Plan }) {
  const { say } = useSpeaker();
  const acts = usePlanActs(plan);
  return (
    <Menu
      label={say("plan.more")}
      align="start"
      triggerClass="quiet dark square"
      triggerTitle={say("plan.more")}
      trigger={
        <>
          <span className="hidden">{say("plan.more")}</span>
          <span aria-hidden="true">⋯</span>
        </>
      }
    >
      {plan.state === "draft" && (
        <MenuAct
          onAct={() => {
            turnTo("plan");
            compareWith({ other: null, view: "change" });
          }}
        >
          {say("plan.compare")}
        </MenuAct>
      )}
      {acts.map(({ key, does }) => (
        <MenuAct key={key} onAct={does}>
          {say(`plan.${key}`)}
        </MenuAct>
      ))}
      {plan.state === "draft" && <MenuAct onAct={() => openDialog({ kind: "recode" })}>{say("recode.open")}</MenuAct>}
      <MenuAct onAct={() => openDialog({ kind: "terms" })}>{say("terms.open")}</MenuAct>
    </Menu>
  );
}
