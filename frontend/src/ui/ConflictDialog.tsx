import type { EditView } from "../core/contract";
import { type Conflict, openDialog } from "../state/workspace";
import { useSpeaker } from "./language";
import { Modal } from "./Modal";
import type { Drawn } from "./usePlan";

/** Says in words why a move was not made: where its blocks were, where they were to go, and where they are now. */
export function ConflictDialog({ conflict, drawn }: { readonly conflict: Conflict; readonly drawn: Drawn }) {
  const { say, nameOf } = useSpeaker();
  const placeOf = (view: EditView, block: string) => {
    const code = view.blocks.find((b) => b.block === block)?.grid;
    if (code === null || code === undefined) return say("move.free");
    const grid = drawn.grids.find((g) => g.code === code);
    return grid ? `${nameOf(grid)} (${code})` : code;
  };
  return (
    <Modal title={say("stale.title")}>
      <div className="form" data-conflict>
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
          <button type="button" className="primary" onClick={() => openDialog(null)}>
            {say("page.understood")}
          </button>
        </div>
      </div>
    </Modal>
  );
}
