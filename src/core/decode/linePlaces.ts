// Lines that lie one behind the other in a piece of a log, each as the place where it starts: no object a line.
import { ByteLine } from './byteLine';

export class LinePlaces {
  /** What the lines lie in. */
  bytes: Uint8Array = new Uint8Array();
  private readonly starts: number[] = [];
  private size = 0;
  /** Where the last one ends (exclusive), its ending included. */
  end = 0;

  get count(): number {
    return this.size;
  }

  /** One more line, from `start` on. */
  add(start: number): void {
    this.starts[this.size] = start;
    this.size += 1;
  }

  /** None again; the memory is kept. */
  clear(): void {
    this.size = 0;
  }

  startOf(index: number): number {
    return this.starts[index] as number;
  }

  /** Exclusive, with the line's ending. */
  endOf(index: number): number {
    return index + 1 < this.size ? (this.starts[index + 1] as number) : this.end;
  }

  line(index: number): ByteLine {
    return new ByteLine(this.bytes, this.startOf(index), this.endOf(index));
  }
}
