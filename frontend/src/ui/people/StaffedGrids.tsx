import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import {
  addPost,
  cardDocument,
  hold,
  partyDocument,
  peopleDocument,
  rulesDocument,
  setBranch,
  setTags,
} from "../../api/people";
import { boxOf } from "../../core/box";
import type { GridStaff, PlanStaff, StaffPost } from "../../core/contract";
import { hover, openGrid, workspace } from "../../state/workspace";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { SearchField } from "../SearchField";
import type { Drawn } from "../usePlan";
import { carries, drag, dropped, putOn } from "./useDropOnMap";

interface Props {
  readonly drawn: Drawn;
  readonly staff: PlanStaff;
}

/** The grids with who is in charge of each; the chosen one opens as a card. */
export function StaffedGrids({ drawn, staff }: Props) {
  const speaker = useSpeaker();
  const { say, count } = speaker;
  const [wanting, setWanting] = useState(false);
  const [search, setSearch] = useState("");
  const chosen = useStore(workspace, (w) => w.choice.grid);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (chosen !== null) list.current?.querySelector(`[data-grid="${chosen}"]`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const wished = search.trim().toLowerCase();
  const shown = staff.grids.filter(
    (g) =>
      (!wanting || g.short > 0) &&
      (wished === "" ||
        `${g.code} ${g.name} ${g.parent} ${g.posts.map((p) => p.name).join(" ")}`.toLowerCase().includes(wished)),
  );
  return (
    <>
      <div className="list-tools">
        <SearchField label={say("people.find")} value={search} onChange={setSearch} />
        <label className="people-check">
          <input type="checkbox" checked={wanting} onChange={(e) => setWanting(e.target.checked)} />
          {say("people.wanting")}
        </label>
        <span className="muted" role="status">
          {say("list.count", { n: shown.length })}
        </span>
      </div>
      <ul className="list people-list" ref={list}>
        {shown.map((g) => (
          <li
            key={g.no}
            data-grid={g.no}
            onDragOver={(e) => {
              if (!carries(e as unknown as DragEvent)) return;
              e.preventDefault();
              hover(g.no);
            }}
            onDrop={(e) => dropped(e as unknown as DragEvent, drawn, g.code, speaker)}
          >
            <button
              type="button"
              className="row people-row"
              aria-current={g.no === chosen || undefined}
              aria-expanded={g.no === chosen}
              onMouseEnter={() => hover(g.no)}
              onMouseLeave={() => hover(null)}
              onClick={() => openGrid(g.no, boxOf(drawn.byNo.get(g.no)?.bbox))}
            >
              <span className="row-name">{g.name || g.code}</span>
              <span className="muted">{g.parent}</span>
              <span className="people-households">{say("people.households", { n: count(g.households) })}</span>
              {g.short > 0 && <span className="chip warn">{say("people.shortOf", { n: g.short })}</span>}
              <span className="row-words">
                {g.posts
                  .filter((p) => p.name !== "")
                  .map((p) => `${p.label} ${p.name}`)
                  .join("  ") || say("people.nobody")}
              </span>
            </button>
            {g.no === chosen && <GridCard drawn={drawn} grid={g} />}
          </li>
        ))}
      </ul>
    </>
  );
}

/** All there is of people in a grid, and what can be done about it. */
function GridCard({ drawn, grid }: { readonly drawn: Drawn; readonly grid: GridStaff }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const plan = drawn.plan.id;
  const card = useQuery(cardDocument(plan, grid.code, language)).data;
  const rules = useQuery(rulesDocument()).data;
  const branches = useQuery(partyDocument(plan, language)).data?.organisations.filter((o) => o.level === "grid") ?? [];
  const attempt = (act: Promise<unknown>) => void act.catch((fault) => tellFault(fault, speaker));
  return (
    <div className="people-card" data-card={grid.code}>
      <p className="muted">{grid.code}</p>
      <ul>
        {grid.posts.map((p) => (
          <PostLine key={p.id} drawn={drawn} post={p} />
        ))}
      </ul>
      <AddPost plan={plan} grid={grid.code} />
      <fieldset>
        <legend>{say("people.tags")}</legend>
        {rules?.tags.map((t) => (
          <label key={t.name} className="people-check">
            <input
              type="checkbox"
              checked={grid.tags.includes(t.name)}
              onChange={(e) =>
                attempt(
                  setTags(plan, grid.code, [
                    ...grid.tags.filter((x) => x !== t.name),
                    ...(e.target.checked ? [t.name] : []),
                  ]),
                )
              }
            />
            {language === "zh" ? t.zh : t.en}
          </label>
        ))}
      </fieldset>
      {branches.length > 0 && (
        <label className="field">
          <span>{say("people.branch")}</span>
          <select
            value={grid.branch}
            onChange={(e) => {
              const org = branches.find((o) => o.code === (e.target.value || grid.branch));
              if (!org) return;
              const others = org.grids.filter((code) => code !== grid.code);
              attempt(setBranch(plan, org.code, e.target.value ? [...others, grid.code] : others));
            }}
          >
            <option value="">{say("people.branch.none")}</option>
            {branches.map((o) => (
              <option key={o.code} value={o.code}>
                {o.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {card && card.buildings.length > 0 && (
        <details>
          <summary>{say("people.buildings", { n: card.buildings.length })}</summary>
          <ul>
            {card.buildings.map((b) => (
              <li key={b.code}>
                {b.name || b.code}
                <span className="muted">
                  {" "}
                  {b.posts.map((p) => `${p.label} ${p.name || say("people.vacant")}`).join("、") ||
                    say("people.nobody")}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

interface PostLineProps {
  readonly drawn: Drawn;
  readonly post: StaffPost;
  /** What else can be done with it. */
  readonly children?: ReactNode;
}

/** A post with who holds it; it can be dragged, taken off its grid, or given to somebody else. */
export function PostLine({ drawn, post, children }: PostLineProps) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [handing, setHanding] = useState(false);
  const dragged = { post: post.id, version: post.version, name: post.name || post.label };
  const facts = [
    post.kind === "grid_worker" && say(post.full_time ? "people.full" : "people.part"),
    post.lane,
    post.source_label,
    post.home,
    post.phone,
  ].filter(Boolean);
  return (
    <li
      className="people-post"
      data-post={post.id}
      draggable
      onDragStart={(e) => drag(e as unknown as DragEvent, dragged)}
    >
      <span>
        {post.label} <b>{post.name || say("people.vacant")}</b> <span className="muted">{facts.join(" · ")}</span>
      </span>
      <button type="button" className="small" onClick={() => setHanding(!handing)} aria-expanded={handing}>
        {say("people.hand")}
      </button>
      {post.grids.length > 0 && (
        <button type="button" className="small" onClick={() => void putOn(drawn, dragged, "", speaker)}>
          {say("people.off")}
        </button>
      )}
      {children}
      {handing && (
        <PickPerson
          label={say("people.hand.to", { post: post.label })}
          none={say("people.vacant")}
          onPick={(person) =>
            void hold(post.id, post.version, person)
              .then(() => setHanding(false))
              .catch((fault) => tellFault(fault, speaker))
          }
        />
      )}
    </li>
  );
}

interface Pick {
  readonly label: string;
  /** What choosing nobody is called. */
  readonly none: string;
  readonly onPick: (person: number) => void;
}

/** Finds somebody among the staff. */
export function PickPerson({ label, none, onPick }: Pick) {
  const { say, language } = useSpeaker();
  const [text, setText] = useState("");
  const people = useQuery(peopleDocument(text, language)).data?.people ?? [];
  return (
    <div className="people-pick">
      <SearchField label={label} value={text} onChange={setText} />
      <ul>
        {people.slice(0, 8).map((p) => (
          <li key={p.id}>
            <button type="button" className="small" onClick={() => onPick(p.id)} data-person={p.id}>
              {[p.name, p.home, say("people.holds", { n: p.posts.length })].filter(Boolean).join(" · ")}
            </button>
          </li>
        ))}
        <li>
          <button type="button" className="small" onClick={() => onPick(0)}>
            {none}
          </button>
        </li>
      </ul>
    </div>
  );
}

/** Makes a post on a grid, held by nobody yet. */
function AddPost({ plan, grid }: { readonly plan: string; readonly grid: string }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const rules = useQuery(rulesDocument()).data;
  const [kind, setKind] = useState("grid_worker full");
  if (!rules) return null;
  const word = (t: { zh: string; en: string }) => (language === "zh" ? t.zh : t.en);
  const onGrids = rules.names.filter((t) => ["supervisor", "grid_lead", "grid_worker"].includes(t.name));
  const choices = [
    ...onGrids.flatMap((t) =>
      t.name === "grid_worker"
        ? [
            { value: "grid_worker full", label: `${word(t)} ${say("people.full")}` },
            { value: "grid_worker", label: `${word(t)} ${say("people.part")}` },
          ]
        : [{ value: t.name, label: word(t) }],
    ),
    ...rules.roles.map((t) => ({ value: `outside ${t.name}`, label: word(t) })),
  ];
  const add = (e: FormEvent) => {
    e.preventDefault();
    const [name, more] = kind.split(" ");
    const role = name === "outside" ? { role: more } : {};
    void addPost({
      kind: name as StaffPost["kind"],
      full_time: more === "full",
      plan,
      grids: [grid],
      ...role,
    } as Parameters<typeof addPost>[0]).catch((fault) => tellFault(fault, speaker));
  };
  return (
    <form className="people-acts" onSubmit={add}>
      <select value={kind} aria-label={say("people.post")} onChange={(e) => setKind(e.target.value)}>
        {choices.map((c) => (
          <option key={c.value} value={c.value}>
            {c.label}
          </option>
        ))}
      </select>
      <button type="submit" className="small">
        {say("people.addPost")}
      </button>
    </form>
  );
}
