import { type KeyboardEvent, type ReactNode, useId } from "react";

interface Props<T extends string> {
  readonly label: string;
  readonly tabs: readonly T[];
  readonly value: T;
  readonly onChange: (tab: T) => void;
  /** What a tab says. */
  readonly head: (tab: T) => ReactNode;
  /** What stands under the chosen tab. */
  readonly children: ReactNode;
}

/** Tabs and the panel of the chosen one; the arrow keys, Home and End walk the tabs. */
export function Tabs<T extends string>({ label, tabs, value, onChange, head, children }: Props<T>) {
  const id = useId();
  const walk = (e: KeyboardEvent<HTMLElement>) => {
    const at = tabs.indexOf(value);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[e.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next === undefined) return;
    e.preventDefault();
    onChange(next);
    document.getElementById(`${id}${next}`)?.focus();
  };
  return (
    <div className="tabs">
      <div className="tabs-list" role="tablist" aria-label={label} onKeyDown={walk}>
        {tabs.map((tab) => (
          <button
            key={tab}
            id={id + tab}
            type="button"
            role="tab"
            className="tab"
            data-tab={tab}
            aria-selected={tab === value}
            aria-controls={`${id}panel`}
            tabIndex={tab === value ? 0 : -1}
            onClick={() => onChange(tab)}
          >
            {head(tab)}
          </button>
        ))}
      </div>
      <div className="tab-panel" role="tabpanel" id={`${id}panel`} aria-labelledby={id + value}>
        {children}
      </div>
    </div>
  );
}
