"""The kit's lines for a JupyterHub. In the hub's own jupyterhub_config.py, one line takes them in:

load_subconfig("/srv/reading-diplomatic-news/docs/hosting/jupyterhub_config.py")
"""

from pathlib import Path

HOSTING = Path(__file__).resolve().parent

c = get_config()  # noqa: F821 - JupyterHub gives it to the file
c.Spawner.environment.update({"JUPYTER_CONFIG_PATH": str(HOSTING)})
c.Spawner.default_url = "/lab/tree/reading-diplomatic-news/notebooks/00-start-here.ipynb"
# docs/hosting.md says where the numbers come from. Spawners that start containers keep to them.
c.Spawner.mem_guarantee = "256M"
c.Spawner.mem_limit = "1G"
c.Spawner.cpu_limit = 1
