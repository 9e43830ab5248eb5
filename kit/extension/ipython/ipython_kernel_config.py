"""What every kernel of an environment with the kit begins with, wherever its pages are opened."""

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - IPython gives it
c.InteractiveShellApp.exec_lines.append("from kit.base.unopened import today")
