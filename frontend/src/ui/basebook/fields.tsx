import { type ReactNode, useEffect, useId, useState } from "react";
import { useStore } from "zustand";
import type { Faults } from "../../core/basebook";
import { type Misread, sketchIn, textOf } from "../../core/coordinates";
import { around } from "../../core/sketch";
import { basebook, drawAs } from "../../state/basebook";
import { look } from "../../state/workspace";
import { useSpeaker } from "../language";

interface FieldProps {
  readonly label: string;
  readonly fault?: string | undefined;
  readonly children: (props: { id: string; "aria-invalid": boolean; "aria-describedby": string }) => ReactNode;
}

/** A field with what is wrong with it, in words beside it. */
export function Field({ label, fault, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-invalid": fault !== undefined, "aria-describedby": `${id}-fault` })}
      <span className="field-fault" id={`${id}-fault`} role="alert">
        {fault}
      </span>
    </div>
  );
}

/** Where a change comes from and of which day it is. What was said for the last one stands there already. */
export function SourceFields({ faults }: { readonly faults: Faults }) {
  const { say } = useSpeaker();
  const source = useStore(basebook, (b) => b.source);
  const dated = useStore(basebook, (b) => b.dated);
  const by = useStore(basebook, (b) => b.by);
  return (
    <>
      <Field label={say("basebook.source")} fault={faults.source}>
        {(props) => (
          <input
            {...props}
            name="source"
            value={source}
            maxLength={200}
            placeholder={say("basebook.source.hint")}
            onChange={(e) => basebook.setState({ source: e.target.value })}
          />
        )}
      </Field>
      <div className="pair">
        <Field label={say("basebook.dated")} fault={faults.dated}>
          {(props) => (
            <input
              {...props}
              name="dated"
              type="date"
              value={dated}
              onChange={(e) => basebook.setState({ dated: e.target.value })}
            />
          )}
        </Field>
        <Field label={say("basebook.by")} fault={faults.by}>
          {(props) => (
            <input
              {...props}
              name="by"
              value={by}
              maxLength={100}
              onChange={(e) => basebook.setState({ by: e.target.value })}
            />
          )}
        </Field>
      </div>
    </>
  );
}

/** What is drawn as text, for those who type it: taken as soon as it can be read, and written anew when the drawing changes. */
export function CoordinatesField({ fault }: { readonly fault: string | undefined }) {
  const { say } = useSpeaker();
  const sketch = useStore(basebook, (b) => b.sketch);
  const [typed, setTyped] = useState<string | null>(null);
  const [misread, setMisread] = useState<Misread | null>(null);
  // Somebody draws on: what was typed is past.
  useEffect(() => {
    if (sketch && typed !== null && !misread && textOf(sketch) !== textOfTyped(typed, sketch.kind)) setTyped(null);
  }, [sketch, typed, misread]);
  if (!sketch) return null;
  const type = (text: string) => {
    setTyped(text);
    const read = sketchIn(text, sketch.kind);
    setMisread("fault" in read ? read : null);
    if (!("fault" in read)) drawAs(read);
  };
  const show = () => {
    const box = around(sketch);
    if (box && typed !== null && !misread) look({ box });
  };
  const words = misread ? say(`basebook.misread.${misread.fault}`, { line: misread.line }) : fault;
  return (
    <Field label={say("basebook.coordinates")} fault={words}>
      {(props) => (
        <textarea
          {...props}
          name="coordinates"
          spellCheck={false}
          value={typed ?? textOf(sketch)}
          onChange={(e) => type(e.target.value)}
          onBlur={show}
        />
      )}
    </Field>
  );
}

function textOfTyped(text: string, kind: "line" | "polygon"): string {
  const read = sketchIn(text, kind);
  return "fault" in read ? "" : textOf(read);
}
