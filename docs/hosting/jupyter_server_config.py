"""What a student's server does as it starts, on a hub, on Binder or in a container.

The kit lies in one folder that nobody need write to; this file lies in `docs/hosting/` of that
folder, and the variable JUPYTER_CONFIG_PATH names `docs/hosting`. Each student gets a folder of
their own in their home:

    ~/reading-diplomatic-news/notebooks    a copy of each page; one that is there is left alone
    ~/reading-diplomatic-news/work         what the student makes (KIT_WORK, where it is not set)
"""

import os
import secrets
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

KIT = Path(__file__).resolve().parents[2]
OWN = Path.home() / "reading-diplomatic-news"

notebooks = OWN / "notebooks"
notebooks.mkdir(parents=True, exist_ok=True)
for page in sorted((KIT / "notebooks").glob("[0-9]*.ipynb")):
    if not (notebooks / page.name).exists():
        # By way of another name: a full disk or a stopped server leaves no half page behind.
        part = notebooks / f".{page.stem}.{secrets.token_hex(4)}"
        try:
            part.write_bytes(page.read_bytes())
            part.replace(notebooks / page.name)
        finally:
            part.unlink(missing_ok=True)
        # A page that Jupyter trusts runs when it is opened.
        NotebookNotary().sign(nbformat.read(notebooks / page.name, 4))

# Kernels inherit these.
os.environ.setdefault("KIT_WORK", str(OWN / "work"))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(KIT), os.environ.get("PYTHONPATH")]))

c = get_config()  # noqa: F821 - Jupyter gives it to the file
# A closed page leaves its kernel running. An hour later it may go: no work is kept in it.
c.MappingKernelManager.cull_idle_timeout = 3600
c.MappingKernelManager.cull_interval = 300
for application in (c.LabApp, c.JupyterNotebookApp):
    application.extra_labextensions_path = [str(KIT / "kit" / "extension")]
# Nothing is fetched from the network, and nobody is asked whether it may be.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
