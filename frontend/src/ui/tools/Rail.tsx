import { useState } from "react";
import { useStore } from "zustand";
import { inSight, keyOf, type Tool, tools } from "../../core/toolbox";
import { takeUp, toolbox } from "../../state/toolbox";
import { useSpeaker } from "../language";
import { ToolIcon } from "./ToolIcon";

/** The tools: six in sight, the others behind one more button. */
export function Rail() {
  const { say } = useSpeaker();
  const tool = useStore(toolbox, (t) => t.tool);
  const [more, setMore] = useState(false);
  const rest = tools.slice(inSight);
  const button = (t: Tool) => {
    const words = say(`tool.${t}`);
    const key = keyOf[t].toUpperCase();
    return (
      <button
        key={t}
        type="button"
        data-tool={t}
        aria-pressed={tool === t}
        aria-keyshortcuts={key}
        title={`${say(`tool.${t}.hint`)}（${key}）`}
        onClick={() => {
          takeUp(t);
          setMore(false);
        }}
      >
        <ToolIcon tool={t} />
        <span>{words}</span>
      </button>
    );
  };
  return (
    <div className="rail" role="toolbar" aria-label={say("tool.rail")}>
      {tools.slice(0, inSight).map(button)}
      {rest.includes(tool) && button(tool)}
      <button type="button" data-more aria-expanded={more} title={say("tool.more")} onClick={() => setMore(!more)}>
        <ToolIcon tool="more" />
        <span>{say("tool.more")}</span>
      </button>
      {more && <div className="rail-more">{rest.map(button)}</div>}
    </div>
  );
}
