import { useStore } from "zustand";
import { brushes } from "../../core/toolbox";
import type { MapController } from "../../map/controller";
import { layDown, takeUp, toolbox } from "../../state/toolbox";
import { workspace } from "../../state/workspace";
import { CloseIcon } from "../icons";
import { useSpeaker } from "../language";
import type { Drawn } from "../usePlan";
import { lockAll } from "./acts";
import { confirmTool } from "./confirm";
import { cutGridOf } from "./cutGrid";
import { Streets } from "./Streets";
import { sidesOf } from "./sides";
import { Sides } from "./ToolLayer";

/** What the tool in hand does next, in words, with what waits for a yes. */
export function ToolCard({ map, drawn }: { readonly map: MapController; readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const { say, nameOf } = speaker;
  const tool = useStore(toolbox, (t) => t.tool);
  const cut = useStore(toolbox, (t) => t.cut);
  const merge = useStore(toolbox, (t) => t.merge);
  const street = useStore(toolbox, (t) => t.street);
  const brush = useStore(toolbox, (t) => t.brush);
  const chosen = useStore(workspace, (w) => w.choice.grid);
  const share = useStore(toolbox, (t) => t.share);
  if (tool === "select") return null;
  const target = chosen === null ? undefined : drawn.byNo.get(chosen);
  const asks = cut.done || street !== null || (merge.first !== null && merge.second !== null);
  const box = toolbox.getState();
  const grid = asks ? cutGridOf(drawn, map, box) : null;
  const into = ["brush", "box", "lasso"].includes(tool);
  const confirm = () => confirmTool(drawn, map, speaker);
  return (
    <section className="tool-card" aria-label={say(`tool.${tool}`)} data-asks={asks ? "" : undefined}>
      <div className="tool-head">
        <strong>{say(`tool.${tool}`)}</strong>
        {into && (
          <span className="muted">{target ? say("stroke.into", { grid: nameOf(target) }) : say("stroke.intoAny")}</span>
        )}
        <button
          type="button"
          className="quiet square"
          aria-label={say("tool.away")}
          title={`${say("tool.away")}（V）`}
          onClick={() => takeUp("select")}
        >
          <CloseIcon />
        </button>
      </div>
      <p className="muted" role="status">
        {say(asks ? `tool.${tool === "merge" ? "merge" : "cut"}.asks` : `tool.${tool}.hint`)}
      </p>
      {(tool === "brush" || tool === "erase") && (
        <label className="brush-size">
          {say("brush.size")}
          <input
            type="range"
            min={0}
            max={brushes.length - 1}
            value={brushes.findIndex((b) => b >= brush)}
            aria-valuetext={say("brush.pixels", { n: brush })}
            onChange={(e) => toolbox.setState({ brush: brushes[Number(e.target.value)] ?? brush })}
          />
          <kbd>[</kbd>
          <kbd>]</kbd>
        </label>
      )}
      {tool === "lock" && (
        <div className="tool-acts">
          <button type="button" className="small" onClick={() => lockAll(drawn, speaker, true)}>
            {say("lock.allDo")}
          </button>
          <button type="button" className="small" onClick={() => lockAll(drawn, speaker, false)}>
            {say("lock.noneDo")}
          </button>
        </div>
      )}
      {asks && (
        <div className="tool-sides">
          <Sides sides={sidesOf(drawn, box, null, grid, speaker)} />
          {tool === "cut" && grid === null && <p className="form-fault">{say("cut.nothing")}</p>}
          {tool === "cut" && <p className="muted hint">{say("cut.estimate")}</p>}
        </div>
      )}
      {tool === "cut" && target && <Streets drawn={drawn} grid={target} />}
      {asks && (
        <div className="tool-acts">
          {tool === "cut" && (
            <label className="switch">
              <input type="checkbox" checked={share} onChange={(e) => toolbox.setState({ share: e.target.checked })} />
              {say("cut.share")}
            </label>
          )}
          <button type="button" className="small" onClick={layDown}>
            {say("page.cancel")}
          </button>
          <button
            type="button"
            className="small primary"
            data-confirm
            disabled={tool === "cut" && grid === null}
            onClick={confirm}
          >
            {say(tool === "merge" ? "merge.do" : "cut.do")} <kbd>↵</kbd>
          </button>
        </div>
      )}
    </section>
  );
}
