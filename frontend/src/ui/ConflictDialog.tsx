import { knownRevision, send } from "../api/edits";
import type { EditView } from "../core/contract";
import { type Conflict, openDialog } from "../state/workspace";
import { useSpeaker } from "./language";
import { Modal } from "./Modal";
import type { Drawn } from "./usePlan";

/** Says in words why an edit was not made: where its blocks were, where they were to go, where they are now. The planner decides. */
export function ConflictDialog({ conflict, drawn }: { readonly conflict: Conflict; readonly drawn: Drawn }) {
  const { say, nameOf } = useSpeaker();
  const placeOf = (view: EditView, block: string) => {
    const code = view.blocks.find((b) => b.block === block)?.grid;
    if (code === null || code === undefined) return say("move.free");
    const grid = drawn.grids.find((g) => g.code === code);
    return grid ? `${nameOf(grid)} (${code})` : code;
  };
  const gridOf = (view: EditView, no: number) => {
    const props = view.grids.find((g) => g.no === no)?.props;
    if (!props) return say("stale.gone");
    return `${nameOf(props)} (${props.code})${props.locked ? ` · ${say("layers.locked")}` : ""}`;
  };
  const again = () => {
    openDialog(null);
    const { key: _, base: __, ...wish } = conflict.letter;
    send(wish, Math.max(knownRevision(wish.plan), conflict.theirs.revision));
  };
  return (
    <Modal title={say("stale.title")}>
      <div className="form" data-conflict>
        {conflict.letter.words && <p>{say("stale.which", { words: conflict.letter.words })}</p>}
        <p>{say("stale.words", { base: String(conflict.base.revision), theirs: String(conflict.theirs.revision) })}</p>
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{say("stale.block")}</th>
                <th scope="col">{say("stale.base")}</th>
                <th scope="col">{say("stale.mine")}</th>
                <th scope="col">{say("stale.theirs")}</th>
              </tr>
            </thead>
            <tbody>
              {conflict.mine.grids.slice(0, 12).map(({ no }) => (
                <tr key={no}>
                  <th scope="row">{gridOf(conflict.base, no) || gridOf(conflict.theirs, no)}</th>
                  <td>{gridOf(conflict.base, no)}</td>
                  <td>{gridOf(conflict.mine, no)}</td>
                  <td>
                    <strong>{gridOf(conflict.theirs, no)}</strong>
                  </td>
                </tr>
              ))}
              {conflict.mine.blocks.slice(0, 12).map(({ block }) => (
                <tr key={block}>
                  <th scope="row">{block}</th>
                  <td>{placeOf(conflict.base, block)}</td>
                  <td>{placeOf(conflict.mine, block)}</td>
                  <td>
                    <strong>{placeOf(conflict.theirs, block)}</strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <div className="form-end">
          <button type="button" onClick={again}>
            {say("stale.again")}
          </button>
          <button type="button" className="primary" onClick={() => openDialog(null)}>
            {say("stale.drop")}
          </button>
        </div>
      </div>
    </Modal>
  );
}
