import type { LineageRow } from "../../core/contract";
import { changed, kindsOf } from "../../core/lineage";
import { useSpeaker } from "../language";

interface Props {
  readonly rows: readonly LineageRow[];
  readonly kinds: Readonly<Record<string, number>>;
  readonly measure: string;
}

// More rows than these nobody reads on a page; the table to take away has all.
const mostRows = 400;

/** How grids come out of those before: a row for each two that have something in common. */
export function LineageTable({ rows, kinds, measure }: Props) {
  const { say, count, percent } = useSpeaker();
  const shown = changed(rows);
  const share = (part: number | null) => (part === null ? "–" : percent(part));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: nothing in it takes the focus, and the keyboard has to scroll it
    <section className="review-scroll" tabIndex={0} aria-label={say("review.tab.change")}>
      <KindWords kinds={kinds} />
      {shown.length > 0 && (
        <table className="review-table">
          <caption className="muted">{say(measure ? "review.lineage.of" : "review.lineage.none")}</caption>
          <thead>
            <tr>
              <th scope="col">{say("review.kind")}</th>
              <th scope="col">{say("review.old")}</th>
              <th scope="col">{say("review.new")}</th>
              <th scope="col" className="number">
                {say("review.common")}
              </th>
              <th scope="col" className="number">
                {say("review.oldShare")}
              </th>
              <th scope="col" className="number">
                {say("review.newShare")}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, mostRows).map((row) => (
              <tr key={`${row.old?.code} ${row.new?.code}`}>
                <td className="review-kind">{row.words}</td>
                <td>{row.old?.code ?? "–"}</td>
                <td>{row.new?.code ?? "–"}</td>
                <td className="number">{row.count === null ? "–" : count(row.count)}</td>
                <td className="number">{share(row.old_share)}</td>
                <td className="number">{share(row.new_share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown.length > mostRows && <p className="muted hint">{say("review.lineage.more", { n: shown.length })}</p>}
    </section>
  );
}

/** How many grids change in which way, in a sentence. */
export function KindWords({ kinds }: { readonly kinds: Readonly<Record<string, number>> }) {
  const { say } = useSpeaker();
  return (
    <ul className="review-kinds">
      {kindsOf(kinds).map(({ kind, n }) => (
        <li key={kind} data-kind={kind}>
          {say(`review.kind.${kind}`, { n })}
        </li>
      ))}
    </ul>
  );
}
