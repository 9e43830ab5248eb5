"""What is different where Python runs in a browser (Pyodide 314, JupyterLite 0.8), made alike.

It lies in the laboratory's wheel as a module ``kit_in_browser``, and a notebook's first cell
imports it, before the kit. Nothing else may import it.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

#: Python waits for what the page says of a file. Of one that is gone, and of a storage that is full
#: or was taken away, JupyterLite's page says nothing, and Python would wait for ever. And it would
#: take folders for there that went with the browser's data.
_HEARD = """(FS) => {
  const { ErrnoError, mayCreate } = FS;
  const [THERE, NOT_THERE, FULL] = [20, 44, 51];
  const drive = FS.lookupPath("/drive").node.node_ops.fs;
  const { API } = drive;
  const { request } = API;
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (said) {
    this.timeout = 15000;
    send.call(this, said);
  };
  API.request = function (asked) {
    const { method, path } = asked;
    try {
      if (/^(getattr|readdir|rename|rmdir)$/.test(method)) {
        if (!request.call(this, { method: "lookup", path }).ok) throw new ErrnoError(NOT_THERE);
      }
      return request.call(this, asked);
    } catch (problem) {
      throw problem instanceof ErrnoError ? problem : new ErrnoError(FULL);
    }
  };
  const gone = (node) => {
    const isGone = !API.lookup(drive.realPath(node)).ok;
    if (isGone) FS.destroyNode(node);
    return isGone;
  };
  FS.mayCreate = (folder, name) => {
    const refused = mayCreate(folder, name);
    if (refused !== THERE || folder.node_ops.fs !== drive) return refused;
    if (!gone(FS.lookupNode(folder, name))) return refused;
    return gone(folder) ? NOT_THERE : 0;
  };
}"""


def plain(value: Any) -> Any:
    """Return a message with ``None`` where Pyodide has put its own object for JavaScript's null.

    That object is of no type that the widgets' messages may hold.
    """
    if type(value).__name__ == "JsNull":
        return None
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


@cache
def prepare() -> None:
    """Make this Python behave as the kit expects."""
    import pyodide_js
    from IPython import get_ipython
    from pyodide.code import run_js

    run_js(_HEARD)(pyodide_js.FS)
    # A browser's file system knows no hard links; a system that lacks them says so in this way.
    if not hasattr(os, "link"):
        os.link = _no_links
    # There is one program, and it is this: a lock would only be left behind by a closed page.
    locks = ModuleType("filelock")
    vars(locks).update(dict.fromkeys(("BaseFileLock", "FileLock", "SoftFileLock"), _Unlocked))
    vars(locks)["Timeout"] = TimeoutError
    sys.modules["filelock"] = locks
    manager = get_ipython().kernel.comm_manager
    for name in ("comm_open", "comm_msg", "comm_close"):
        setattr(manager, name, _with_plain(getattr(manager, name)))


def _with_plain(receive: Callable) -> Callable:
    return lambda stream, ident, message: receive(stream, ident, plain(message))


def _no_links(source: Any, target: Any, **_: Any) -> None:
    raise OSError(errno.ENOTSUP, "no hard links here", os.fspath(target))


class _Unlocked:
    """Takes the place of what ``filelock`` has."""

    def __init__(self, path: Any, timeout: float = -1) -> None:
        pass

    def acquire(self) -> None:
        pass

    def release(self) -> None:
        pass
