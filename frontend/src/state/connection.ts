import { createStore } from "zustand/vanilla";

/** Whether the last request reached the service. */
export const connection = createStore<{ readonly lost: boolean }>()(() => ({ lost: false }));

export function reached(): void {
  if (connection.getState().lost) connection.setState({ lost: false });
}

export function unreachable(): void {
  if (!connection.getState().lost) connection.setState({ lost: true });
}
