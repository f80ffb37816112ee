interface Props {
  readonly label: string;
  /** Undefined: how far it is is not known. */
  readonly done: number | undefined;
  readonly total: number;
}

/** How far something is. */
export function Bar({ label, done, total }: Props) {
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      data-indeterminate={done === undefined ? "" : undefined}
    >
      <div className="progress-track">
        <div
          className="progress-indicator"
          style={done === undefined ? undefined : { width: `${(100 * done) / total}%` }}
        />
      </div>
    </div>
  );
}
