import type { ReactNode } from "react";

/** Icons are drawn on 20 by 20 with a pen of 1.6; the text beside or behind them says what they mean. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const UndoIcon = () => (
  <Icon>
    <path d="M7 4 3.5 7.5 7 11M4 7.5h7.5a4.5 4.5 0 0 1 0 9H8" />
  </Icon>
);
export const RedoIcon = () => (
  <Icon>
    <path d="m13 4 3.5 3.5L13 11M16 7.5H8.5a4.5 4.5 0 0 0 0 9H12" />
  </Icon>
);
export const DownIcon = () => (
  <Icon>
    <path d="m5 8 5 5 5-5" />
  </Icon>
);
export const DownloadIcon = () => (
  <Icon>
    <path d="M10 3v9m-4-4 4 4 4-4M4 16.5h12" />
  </Icon>
);
export const PencilIcon = () => (
  <Icon>
    <path d="M4 16l.8-3.2L13 4.6l2.4 2.4-8.2 8.2z" />
  </Icon>
);
export const SplitIcon = () => (
  <Icon>
    <path d="M3.5 3.5h13v13h-13zM10 3.5v13M10 9.5h6.5" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);
export const HomeIcon = () => (
  <Icon>
    <path d="M3.5 7V3.5H7M13 3.5h3.5V7M16.5 13v3.5H13M7 16.5H3.5V13" />
  </Icon>
);
export const PlusIcon = () => (
  <Icon>
    <path d="M10 4v12M4 10h12" />
  </Icon>
);
export const MinusIcon = () => (
  <Icon>
    <path d="M4 10h12" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <path d="M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4" />
  </Icon>
);
