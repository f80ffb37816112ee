import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";

interface Props {
  readonly label: string;
  /** What the button that opens it says, its class and its title. */
  readonly trigger: ReactNode;
  readonly triggerClass: string;
  readonly triggerTitle?: string;
  readonly className?: string;
  /** The side of the button it stands under. */
  readonly align: "start" | "end";
  /** MenuLink, MenuAct and MenuChoice. */
  readonly children: ReactNode;
}

const gap = 6; // pixels

const itemsOf = (menu: HTMLElement) => Array.from(menu.querySelectorAll<HTMLElement>(".menu-item"));

/** A menu under a button, as a popover of the platform: it closes by itself on Escape and on a press beside it. */
export function Menu({ label, trigger, triggerClass, triggerTitle, className, align, children }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  useLayoutEffect(() => {
    if (!open || !button.current || !popup.current) return;
    const under = button.current.getBoundingClientRect();
    const { style, offsetWidth } = popup.current;
    const left = align === "start" ? under.left : under.right - offsetWidth;
    style.left = `${Math.max(gap, Math.min(left, window.innerWidth - offsetWidth - gap))}px`;
    style.top = `${under.bottom + gap}px`;
    style.setProperty("--available-height", `${window.innerHeight - under.bottom - 2 * gap}px`);
    const all = itemsOf(popup.current);
    (all.find((item) => item.ariaChecked === "true") ?? all[0])?.focus();
  }, [open, align]);
  const walk = (e: KeyboardEvent<HTMLElement>) => {
    const all = itemsOf(e.currentTarget);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[e.key];
    if (to === undefined || all.length === 0) return;
    e.preventDefault();
    all[(to + all.length) % all.length]?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={triggerClass}
        title={triggerTitle}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={open}
      >
        {trigger}
      </button>
      <div
        ref={popup}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={`menu ${className ?? ""}`}
        onToggle={(e) => setOpen((e as unknown as ToggleEvent).newState === "open")}
        onKeyDown={walk}
        onClick={(e) => (e.target as Element).closest(".menu-item") && popup.current?.hidePopover()}
      >
        {open && children}
      </div>
    </>
  );
}

/** A file to take away. */
export function MenuLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <a className="menu-item" role="menuitem" tabIndex={-1} href={href} download>
      {children}
    </a>
  );
}

/** Something to do. */
export function MenuAct({ onAct, children }: { readonly onAct: () => void; readonly children: ReactNode }) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} className="menu-item" onClick={onAct}>
      {children}
    </button>
  );
}

interface Choice {
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** One of several, of which one is chosen. */
export function MenuChoice({ chosen, onChoose, className, children }: Choice) {
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={chosen}
      tabIndex={-1}
      className={`menu-item ${className ?? ""}`}
      onClick={onChoose}
    >
      {children}
    </button>
  );
}
