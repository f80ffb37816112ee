import { useState } from "react";
import { useStore } from "zustand";
import { type Faults, neighboursOf, type Task, type Texts, valuesOf } from "../../core/basebook";
import type { BasebookRow } from "../../core/contract";
import { blank, closed, geometryOf, isWhole, type Sketch, withoutLast } from "../../core/sketch";
import { basebook, begin, drawAs, endTask, openThing, setTask } from "../../state/basebook";
import { CloseIcon } from "../icons";
import { useSpeaker } from "../language";
import type { Wish } from "./actions";
import { CoordinatesField, Field } from "./fields";
import { AttributeFields, ChangeForm } from "./forms";

interface Props {
  readonly task: Task;
  readonly rows: readonly BasebookRow[];
}

/** A change that is drawn: what to do on the map, the drawing as text, and what else has to be said. */
export function TaskCard({ task, rows }: Props) {
  const { say } = useSpeaker();
  const sketch = useStore(basebook, (b) => b.sketch);
  const title = task.kind === "add" ? say(`basebook.add.${task.layer}`) : say(`basebook.task.${task.kind}`);
  return (
    <section className="detail" aria-label={title} data-task={task.kind}>
      <div className="detail-head">
        <div>
          <h2>{title}</h2>
          {task.kind === "move" && <p className="muted">{task.thing.code}</p>}
        </div>
        <button type="button" className="quiet square" aria-label={say("page.close")} onClick={endTask}>
          <CloseIcon />
        </button>
      </div>
      <div className="detail-body">
        {sketch && <Drawing task={task} sketch={sketch} />}
        <TaskForm task={task} rows={rows} />
      </div>
    </section>
  );
}

/** What to do next on the map, with the same by button. */
function Drawing({ task, sketch }: { readonly task: Task; readonly sketch: Sketch }) {
  const { say } = useSpeaker();
  const hint = !sketch.open ? "shape" : task.kind === "border" ? "border" : sketch.kind;
  const points = sketch.strokes.at(-1)?.length ?? 0;
  return (
    <div className="card-drawing">
      <p className="hint" role="status">
        {say(`basebook.draw.${hint}`)}
      </p>
      <div className="ledger-actions">
        {sketch.open ? (
          <>
            <button
              type="button"
              className="small"
              disabled={!isWhole(sketch)}
              onClick={() => drawAs(closed(sketch))}
              data-finish
            >
              {say("basebook.draw.finish")}
            </button>
            <button type="button" className="small" disabled={points === 0} onClick={() => drawAs(withoutLast(sketch))}>
              {say("basebook.draw.back")}
            </button>
          </>
        ) : (
          <button type="button" className="small" onClick={() => begin(task, blank(sketch.kind))} data-anew>
            {say("basebook.draw.anew")}
          </button>
        )}
      </div>
    </div>
  );
}

const added = {
  building: ["households", "residents"],
  compound: ["households", "residents"],
  road: [],
} as const;

function TaskForm({ task, rows }: Props) {
  const { say } = useSpeaker();
  // A lane that is missing is what people mostly draw.
  const [texts, setTexts] = useState<Texts>(task.kind === "add" && task.layer === "road" ? { kind: "back_lane" } : {});
  const fields = ["geometry", "code", "neighbour", ...Object.keys(texts)];
  const wish = (): Wish | { faults: Faults } => {
    const { sketch } = basebook.getState();
    if (!sketch || !isWhole(sketch)) return { faults: { geometry: say("basebook.wrong.drawing") } };
    const geometry = geometryOf(sketch) as unknown as Wish["geometry"] & object;
    switch (task.kind) {
      case "add": {
        const { code = "", ...values } = texts;
        return {
          kind: "add",
          layer: task.layer,
          ...(code.trim() ? { code: code.trim() } : {}),
          geometry,
          values: valuesOf(values),
        };
      }
      case "move":
        return { kind: "move", layer: task.thing.layer, code: task.thing.code, geometry };
      case "border": {
        const level = rows.find((row) => row.code === task.area)?.level ?? "community";
        if (!task.neighbour) return { faults: { neighbour: say("basebook.wrong.neighbour") } };
        return { kind: "border", layer: level, code: task.area, neighbour: task.neighbour, geometry };
      }
    }
  };
  const end = () => {
    endTask();
    // A thing that was moved is drawn anew by the map; its card stays open.
    if (task.kind === "move") openThing(task.thing);
  };
  return (
    <ChangeForm
      title={say("basebook.task.form")}
      save={say("basebook.save")}
      fields={fields}
      wish={wish}
      onEnd={end}
      focused={false}
    >
      {(faults) => (
        <>
          {task.kind === "border" && <Neighbours task={task} rows={rows} fault={faults.neighbour ?? faults.code} />}
          {task.kind === "add" && (
            <AttributeFields layer={task.layer} texts={texts} onChange={setTexts} faults={faults}>
              {(["code", ...added[task.layer]] as const).map((field) => (
                <Field key={field} label={say(`basebook.add.${field}`)} fault={faults[field]}>
                  {(props) => (
                    <input
                      {...props}
                      name={field}
                      inputMode={field === "code" ? "text" : "numeric"}
                      value={texts[field] ?? ""}
                      onChange={(e) => setTexts({ ...texts, [field]: e.target.value })}
                    />
                  )}
                </Field>
              ))}
            </AttributeFields>
          )}
          <CoordinatesField fault={faults.geometry} />
        </>
      )}
    </ChangeForm>
  );
}

interface NeighboursProps {
  readonly task: Task & { kind: "border" };
  readonly rows: readonly BasebookRow[];
  readonly fault: string | undefined;
}

/** Which two communities the line runs between. */
function Neighbours({ task, rows, fault }: NeighboursProps) {
  const { say, nameOf } = useSpeaker();
  const beside = neighboursOf(rows, task.area);
  const choices = { area: rows, neighbour: beside };
  return (
    <div className="pair">
      {(["area", "neighbour"] as const).map((which) => (
        <Field key={which} label={say(`basebook.border.${which}`)} fault={which === "neighbour" ? fault : undefined}>
          {(props) => (
            <select
              {...props}
              name={which}
              value={task[which]}
              onChange={(e) =>
                setTask(
                  which === "area"
                    ? { ...task, area: e.target.value, neighbour: "" }
                    : { ...task, neighbour: e.target.value },
                )
              }
            >
              <option value="">{say("basebook.border.choose")}</option>
              {choices[which].map((row) => (
                <option key={row.key} value={row.code}>
                  {nameOf(row)}
                </option>
              ))}
            </select>
          )}
        </Field>
      ))}
    </div>
  );
}
