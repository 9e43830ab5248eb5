// The line to Python: a message, and how long to wait for its answer.

const ANSWER_WITHIN = 2500; // ms; after that it is said that the kernel is not answering
export const TYPING_PAUSE = 400; // ms without a key before what is being written is sent

/** Messages to Python; the last one waits for its answer. */
export class Line {
  constructor(model) {
    this.model = model;
  }

  /** Send a message; `giveUp` is called if no answer comes in time or nobody can be reached. */
  send(message, giveUp) {
    this.answered();
    this.timer = setTimeout(giveUp, ANSWER_WITHIN);
    try {
      this.model.send(message);
    } catch {
      this.answered();
      giveUp(); // the connection to the kernel is closed
    }
  }

  /** Wait no more: the answer is there, or nobody wants it. */
  answered() {
    clearTimeout(this.timer);
  }
}
