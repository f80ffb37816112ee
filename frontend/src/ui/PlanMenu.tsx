import { Menu } from "@base-ui/react/menu";
import type { Plan } from "../core/contract";
import { openPlan } from "../state/workspace";
import { DownIcon } from "./icons";
import { useSpeaker } from "./language";

/** Switches between plans; each shows its state and size. */
export function PlanMenu({ plans, open }: { readonly plans: readonly Plan[]; readonly open: Plan }) {
  const { say, moment } = useSpeaker();
  return (
    <Menu.Root>
      <Menu.Trigger className="quiet dark plan-name" title={open.name}>
        <span className="hidden">{say("plan.choose")}</span>
        <span className="plan-name-text">{open.name}</span>
        <span className={`chip state-${open.state}`}>{say(`plan.state.${open.state}`)}</span>
        <DownIcon />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="floating" sideOffset={6} align="start">
          <Menu.Popup className="menu plans" aria-label={say("plan.list")}>
            <Menu.RadioGroup value={open.id} onValueChange={(id: string) => openPlan(id)}>
              {plans.map((plan) => (
                <Menu.RadioItem key={plan.id} value={plan.id} className="menu-item plan-item" closeOnClick>
                  <span className="plan-item-name">{plan.name}</span>
                  <span className={`chip state-${plan.state}`}>{say(`plan.state.${plan.state}`)}</span>
                  <span className="plan-item-more">
                    {plan.grids > 0 && `${say("plan.gridsOf", { grids: plan.grids })} · `}
                    {say("plan.created", { at: moment(plan.created_at) })}
                  </span>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
