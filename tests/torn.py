"""Words that a page breaks in the middle, as a browser sets them."""

__all__ = ["TORN"]

#: Returns the words of the elements that a selector finds which stand in two lines, and elements
#: of the class “one” that do.
TORN = r"""
(selector) => {
  const lines = (box) => new Set([...box.getClientRects()].map((r) => Math.round(r.top))).size;
  const found = [];
  for (const within of document.querySelectorAll(selector)) {
    for (const one of within.querySelectorAll(".one"))
      if (lines(one) > 1) found.push(one.textContent);
    const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode())
      for (const word of text.data.matchAll(/[\p{L}\p{M}\d]+/gu)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (lines(range) > 1) found.push(word[0]);
      }
  }
  return found;
}
"""
