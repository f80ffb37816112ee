import { Progress } from "@base-ui/react/progress";
import type { Build } from "../core/contract";

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
      <Progress.Root
        className="progress"
        value={known ? progress.done : null}
        max={known ? progress.total : 1}
        aria-label={label}
      >
        <Progress.Track className="progress-track">
          <Progress.Indicator className="progress-indicator" />
        </Progress.Track>
      </Progress.Root>
      <p className="muted">{progress?.words ?? "…"}</p>
    </>
  );
}
