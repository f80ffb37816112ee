import { useRef, useState } from "react";
import { takeAway } from "../../api/results";
import { useSpeaker } from "../language";
import { useAttempt } from "../useAttempt";

interface Props {
  readonly label: string;
  readonly address: string;
  readonly primary?: boolean;
}

/** A file that takes long to make: how much of it has come, and a way to stop. */
export function TakeAway({ label, address, primary = false }: Props) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const { attempt, sending, fault } = useAttempt(speaker);
  const [bytes, setBytes] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const start = () => {
    setBytes(0);
    const control = new AbortController();
    stop.current = control;
    void attempt(() =>
      takeAway(address, control.signal, setBytes).catch((reason) => {
        if (!control.signal.aborted) throw reason;
      }),
    );
  };
  if (sending) {
    return (
      <span className="results-coming" role="status">
        {say("results.coming", { mb: (bytes / 1e6).toFixed(1) })}
        <button type="button" className="small" onClick={() => stop.current?.abort()}>
          {say("page.cancel")}
        </button>
      </span>
    );
  }
  return (
    <>
      <button type="button" className={primary ? "primary" : "small"} onClick={start} data-take={label}>
        {label}
      </button>
      {fault && <span className="form-fault">{fault}</span>}
    </>
  );
}
