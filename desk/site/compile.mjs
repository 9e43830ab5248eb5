// Puts compiled modules in the place of those in source, in all archives of a Pyodide. Else every
// visit would compile them anew; and only this very Python compiles for itself.

import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const pyodide = await loadPyodide({ indexURL: folder });
pyodide.mountNodeFS("/there", folder);
pyodide.runPython(`
import hashlib, json, zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path

there = Path("/there")
for path in [*there.glob("*.whl"), *there.glob("*.zip")]:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            if name.endswith(".py"):
                code = compile(data, name, "exec", dont_inherit=True)
                name, data = f"{name}c", _code_to_hash_pyc(code, bytes(8), checked=False)
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
lock = json.loads((there / "pyodide-lock.json").read_text())
for about in lock["packages"].values():
    data = (there / about["file_name"]).read_bytes()
    about["sha256"] = hashlib.sha256(data).hexdigest()
(there / "pyodide-lock.json").write_text(json.dumps(lock))
`);
