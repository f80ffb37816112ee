import { useStore } from "zustand";
import { paperAddress } from "../api/address";
import type { Plan } from "../core/contract";
import { other } from "../core/language/language";
import { sheets } from "../state/address";
import { preferences } from "../state/preferences";
import { openDialog, turnTo, workspace } from "../state/workspace";
import { stepBackOrForth } from "./actions";
import { DownloadMenu } from "./DownloadMenu";
import { PencilIcon, RedoIcon, SplitIcon, UndoIcon } from "./icons";
import { useSpeaker } from "./language";
import { PlanActs, PlanMenu } from "./PlanMenu";
import type { Drawn } from "./usePlan";

interface Props {
  readonly drawn: Drawn | null;
  readonly open: Plan | undefined;
  readonly plans: readonly Plan[];
  /** Whether there is anything to split. */
  readonly ready: boolean;
  readonly onGround: boolean;
}

export function Header({ drawn, open, plans, ready, onGround }: Props) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const turned = useStore(workspace, (w) => w.sheet);
  const shown = onGround ? "ground" : turned;
  const step = (way: "undo" | "redo") => drawn && void stepBackOrForth(drawn, way, speaker);
  return (
    <div className="header">
      <h1 className="brand">
        <img src="./icon.svg" alt="" width="24" height="24" />
        {say("page.title")}
      </h1>
      {ready && (
        <nav className="segments sheets" aria-label={say("sheet.label")}>
          {sheets.map((sheet) => (
            <button
              key={sheet}
              type="button"
              data-sheet={sheet}
              aria-current={sheet === shown ? "page" : undefined}
              onClick={() => turnTo(sheet)}
            >
              {say(`sheet.${sheet}`)}
            </button>
          ))}
        </nav>
      )}
      {open && !onGround && (
        <div className="header-plan">
          <PlanMenu plans={plans} open={open} />
          <button
            type="button"
            className="quiet dark square"
            title={say("plan.rename")}
            aria-label={say("plan.rename")}
            onClick={() => openDialog({ kind: "rename" })}
          >
            <PencilIcon />
          </button>
          <PlanActs plan={open} />
        </div>
      )}
      <div className="header-tools">
        {drawn && shown === "plan" && (
          <>
            <button
              type="button"
              className="quiet dark"
              disabled={!drawn.plan.can_undo}
              title={say("undo.title")}
              onClick={() => step("undo")}
            >
              <UndoIcon />
              {say("undo")}
            </button>
            <button
              type="button"
              className="quiet dark"
              disabled={!drawn.plan.can_redo}
              title={say("redo.title")}
              onClick={() => step("redo")}
            >
              <RedoIcon />
              {say("redo")}
            </button>
            <DownloadMenu address={(paper) => paperAddress(drawn.plan.id, paper, language)} />
          </>
        )}
        {ready && (
          <button type="button" className="bright" onClick={() => openDialog({ kind: "split", scope: "all" })}>
            <SplitIcon />
            {say("split.new")}
          </button>
        )}
        <button
          type="button"
          className="quiet dark"
          lang={other(language) === "en" ? "en" : "zh-CN"}
          title={say("page.language.title")}
          onClick={() => preferences.setState({ language: other(language) })}
        >
          {say("page.language")}
        </button>
      </div>
    </div>
  );
}
