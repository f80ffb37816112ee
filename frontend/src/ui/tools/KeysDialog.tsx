import { Fragment } from "react";
import type { TextKey } from "../../core/language/language";
import { keyOf, tools } from "../../core/toolbox";
import { useSpeaker } from "../language";
import { Modal } from "../Modal";

const others: readonly (readonly [string, TextKey])[] = [
  ["[ ]", "brush.size"],
  ["Space", "keys.pan"],
  ["1–9", "keys.digits"],
  ["S", "split.new"],
  ["N / Shift+N", "keys.next"],
  ["Enter", "keys.enter"],
  ["Backspace", "keys.back"],
  ["Esc", "keys.escape"],
  ["Shift+K", "keys.lockAll"],
  ["D", "keys.view"],
  ["Ctrl+Z", "undo"],
  ["Ctrl+Shift+Z", "redo"],
  ["?", "keys.title"],
];

/** All keys and what they do. */
export function KeysDialog() {
  const { say, language } = useSpeaker();
  const colon = language === "zh" ? "：" : ": ";
  const row = (keys: string, words: string) => (
    <Fragment key={keys}>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{words}</dd>
    </Fragment>
  );
  return (
    <Modal title={say("keys.title")}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: nothing in it takes the focus, and the keyboard has to scroll it */}
      <section className="form keys" tabIndex={0} aria-label={say("keys.title")}>
        <dl>{tools.map((t) => row(keyOf[t].toUpperCase(), `${say(`tool.${t}`)}${colon}${say(`tool.${t}.hint`)}`))}</dl>
        <dl>{others.map(([keys, words]) => row(keys, say(words)))}</dl>
        <p className="muted hint">{say("keys.without")}</p>
      </section>
    </Modal>
  );
}
