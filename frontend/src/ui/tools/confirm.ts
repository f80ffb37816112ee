import type { MapController } from "../../map/controller";
import { tell } from "../../state/notices";
import { layDown, toolbox } from "../../state/toolbox";
import type { Speaker } from "../language";
import type { Drawn } from "../usePlan";
import { cutGrid, mergeGrids } from "./acts";
import { cutGridOf } from "./cutGrid";

/** Does what the tool in hand waits with: the cut that is drawn to its end, the merge of two grids. Reports whether there was anything. */
export function confirmTool(drawn: Drawn, map: MapController, speaker: Speaker): boolean {
  const box = toolbox.getState();
  const { cut, merge, street, share } = box;
  if (merge.first !== null && merge.second !== null) {
    layDown();
    mergeGrids(drawn, speaker, [merge.first], merge.second);
    return true;
  }
  if (!cut.done && street === null) return false;
  const grid = cutGridOf(drawn, map, box);
  layDown();
  if (grid === null) tell("fault", speaker.say("cut.nothing"));
  else cutGrid(drawn, speaker, grid, street ?? cut.points, share);
  return true;
}
