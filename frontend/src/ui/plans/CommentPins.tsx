import { useQuery } from "@tanstack/react-query";
import { useEffect, useReducer, useRef } from "react";
import { commentsDocument } from "../../api/plans";
import { pointOf } from "../../core/box";
import type { LonLat } from "../../core/contract";
import type { MapController } from "../../map/controller";
import { workspace } from "../../state/workspace";
import { useSpeaker } from "../language";
import type { Drawn } from "../usePlan";
import { goToComment } from "./goToComment";

/** The middle of the map as it is drawn now; null while there is no map. */
export let middleOf: () => LonLat | null = () => null;

/** Open comments as pins over the map. */
export function CommentPins({ map, drawn }: { readonly map: MapController; readonly drawn: Drawn }) {
  const { say, language } = useSpeaker();
  const comments = useQuery(commentsDocument(drawn.plan.id, language)).data;
  const open = comments?.filter((c) => c.resolved_at === null) ?? [];
  const [, again] = useReducer((n: number) => n + 1, 0);
  const any = open.length > 0;
  useEffect(() => (any ? map.onView(again) : undefined), [map, any]);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const known = middleOf;
    middleOf = () => {
      const { clientWidth = 0, clientHeight = 0 } = frame.current?.parentElement ?? {};
      return map.placeAt([clientWidth / 2, clientHeight / 2]);
    };
    return () => {
      middleOf = known;
    };
  }, [map]);
  return (
    <div className="pins" ref={frame}>
      {open.map((c) => {
        const at = pointOf(c.at);
        if (!at) return null;
        const [x, y] = map.project(at);
        return (
          <button
            key={c.id}
            type="button"
            className="comment-pin"
            style={{ transform: `translate(${x}px, ${y}px) translate(-50%, -100%)` }}
            title={c.text}
            aria-label={say("comments.pin", { text: c.text.slice(0, 60) })}
            onClick={() => {
              workspace.setState({ tab: "comments" });
              goToComment(c, drawn);
            }}
          />
        );
      })}
    </div>
  );
}
