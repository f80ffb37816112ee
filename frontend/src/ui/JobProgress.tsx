import type { Build } from "../core/contract";
import { Bar } from "./parts/Bar";

interface Props {
  /** Null and undefined: nothing is known yet. */
  readonly progress: Build["progress"] | undefined;
  readonly label: string;
}

/** How far a build or an import is, as a bar and in the service's words. */
export function JobProgress({ progress, label }: Props) {
  const known = progress !== null && progress !== undefined && progress.total > 0;
  return (
    <>
      <Bar label={label} done={known ? progress.done : undefined} total={known ? progress.total : 1} />
      <p className="muted">{progress?.words ?? "…"}</p>
    </>
  );
}
