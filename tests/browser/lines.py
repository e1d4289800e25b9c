"""A page's own WebSockets in the hands of a test: cut, held back, or made to say what is hard to bring about."""

import json

from tests.browser.people import Person

#: `lines.on("backstage")` is the newest of that name; `lines.held` are texts of commands that were not sent.
LINES = """(() => {
  const all = [];
  const holds = new Set();
  const held = [];
  window.WebSocket = class extends WebSocket {
    constructor(...parameters) {
      super(...parameters);
      all.push(this);
    }
    send(text) {
      if (holds.has(JSON.parse(text).type)) held.push([this, text]);
      else super.send(text);
    }
  };
  window.lines = {
    on: (name) => all.filter(({ url }) => url.includes(`/ws/${name}/`)).at(-1),
    hold: (type) => holds.add(type),
    held,
    release() {
      holds.clear();
      for (const [line, text] of held.splice(0)) line.send(text);
    },
  };
})();"""


def take_lines(person: Person) -> None:
    """Before their page is opened."""
    person.context.add_init_script(LINES)


def tell(person: Person, line: str, notice: dict[str, object]) -> None:
    """As if the server said it."""
    person.page.evaluate("([line, data]) => lines.on(line).onmessage({ data })", [line, json.dumps(notice)])
