import type { Plan } from "../core/contract";
import { openPlan } from "../state/workspace";
import { DownIcon } from "./icons";
import { useSpeaker } from "./language";
import { Menu, MenuChoice } from "./parts/Menu";

/** Switches between plans; each shows its state and size. */
export function PlanMenu({ plans, open }: { readonly plans: readonly Plan[]; readonly open: Plan }) {
  const { say, moment } = useSpeaker();
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
          <span className={`chip state-${open.state}`}>{say(`plan.state.${open.state}`)}</span>
          <DownIcon />
        </>
      }
    >
      {plans.map((plan) => (
        <MenuChoice key={plan.id} chosen={plan.id === open.id} onChoose={() => openPlan(plan.id)} className="plan-item">
          <span className="plan-item-name">{plan.name}</span>
          <span className={`chip state-${plan.state}`}>{say(`plan.state.${plan.state}`)}</span>
          <span className="plan-item-more">
            {plan.grids > 0 && `${say("plan.gridsOf", { grids: plan.grids })} · `}
            {say("plan.created", { at: moment(plan.created_at) })}
          </span>
        </MenuChoice>
      ))}
    </Menu>
  );
}
