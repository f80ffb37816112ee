import type { Map as MapLibre } from "maplibre-gl";
import type { LonLat } from "../core/contract";

/** A place on the map's picture, in pixels from its left and top. */
export type Pixel = readonly [x: number, y: number];

/** Touch is where a pointer is: on the picture, on the earth, and with which keys. */
export interface Touch {
  readonly pixel: Pixel;
  readonly place: LonLat;
  readonly shift: boolean;
  readonly alt: boolean;
  /** The second of two quick clicks at one place. */
  readonly twice: boolean;
}

/** Hand is a tool at work on the map. What it does not hold moves the map, as without it. */
export interface Hand {
  readonly cursor: string;
  /** Whether the grid under the pointer is told of, as without a tool. */
  readonly hovers: boolean;
  /** Pressed. Returns whether the tool holds on: the map then stays, and up or cancel ends it. */
  down(at: Touch): boolean;
  /** Moved, held or not. */
  move(at: Touch): void;
  up(at: Touch): void;
  /** A press that was not held and hardly moved. */
  click(at: Touch): void;
  /** The press came to nothing: a second finger, a lost pointer. */
  cancel(): void;
  /** The pointer has left the map. */
  left(): void;
}

const still = 6; // pixels
const quick = 350; // milliseconds

/** Listens to pointers before the map does, and lets the tool have what it holds. */
export class Grip {
  readonly #map: MapLibre;
  readonly #place: HTMLElement;
  #hand: Hand | null = null;
  /** Whether pointers move the map whatever the tool. */
  panning = false;
  readonly #down = new Map<number, Pixel>();
  #held: number | null = null;
  #last: { readonly pixel: Pixel; readonly at: number } | null = null;

  constructor(map: MapLibre) {
    this.#map = map;
    this.#place = map.getCanvasContainer();
    const on = (type: string, take: (e: PointerEvent) => void) =>
      this.#place.addEventListener(type, (e) => this.#hand && take(e as PointerEvent), { capture: true });
    on("pointerdown", (e) => this.#pressed(e));
    on("pointermove", (e) => this.#moved(e));
    on("pointerup", (e) => this.#raised(e));
    on("pointercancel", (e) => {
      this.#down.delete(e.pointerId);
      if (this.#held === e.pointerId) this.#drop()?.cancel();
    });
    on("pointerleave", () => this.#held === null && this.#hand?.left());
  }

  get hand(): Hand | null {
    return this.#hand;
  }

  /** Gives a tool the pointers, or takes them from it. */
  take(hand: Hand | null): void {
    if (this.#held !== null) this.#drop()?.cancel();
    this.#hand = hand;
    this.#down.clear();
    this.#map.getCanvas().style.cursor = hand?.cursor ?? "";
    // Shift with a drag would draw the library's own box.
    if (hand) this.#map.boxZoom.disable();
    else this.#map.boxZoom.enable();
  }

  #touch(e: PointerEvent, twice = false): Touch {
    const { left, top } = this.#place.getBoundingClientRect();
    const pixel: Pixel = [e.clientX - left, e.clientY - top];
    const { lng, lat } = this.#map.unproject([pixel[0], pixel[1]]);
    return { pixel, place: [lng, lat], shift: e.shiftKey, alt: e.altKey, twice };
  }

  #pressed(e: PointerEvent): void {
    if (e.button !== 0) return;
    const at = this.#touch(e);
    this.#down.set(e.pointerId, at.pixel);
    if (this.#down.size > 1) {
      // Two fingers move and zoom the map.
      if (this.#held !== null) this.#drop()?.cancel();
      return;
    }
    if (this.panning || !this.#hand?.down(at)) return;
    this.#held = e.pointerId;
    this.#map.dragPan.disable();
    try {
      this.#place.setPointerCapture(e.pointerId);
    } catch {
      // A pointer a test has made is no real one; it is followed as far as the map goes.
    }
  }

  #moved(e: PointerEvent): void {
    if (this.#down.size > 1 || this.panning) return;
    this.#hand?.move(this.#touch(e));
  }

  #raised(e: PointerEvent): void {
    const began = this.#down.get(e.pointerId);
    const alone = this.#down.size === 1;
    this.#down.delete(e.pointerId);
    if (this.#held === e.pointerId) {
      this.#drop()?.up(this.#touch(e));
      return;
    }
    if (!began || !alone || this.panning) return;
    const { pixel } = this.#touch(e);
    if (Math.hypot(pixel[0] - began[0], pixel[1] - began[1]) > still) return;
    const last = this.#last;
    const twice =
      last !== null &&
      e.timeStamp - last.at < quick &&
      Math.hypot(pixel[0] - last.pixel[0], pixel[1] - last.pixel[1]) < 2 * still;
    this.#last = { pixel, at: e.timeStamp };
    this.#hand?.click(this.#touch(e, twice));
  }

  #drop(): Hand | null {
    this.#held = null;
    this.#map.dragPan.enable();
    return this.#hand;
  }
}
