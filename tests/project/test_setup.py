"""The set-up: what is pinned agrees with what is promised, and run.py makes it or says why not."""

from __future__ import annotations

import ast
import base64
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.sign import NotebookNotary
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import kit
import run

ROOT = Path(run.__file__).resolve().parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = {
    name: [Requirement(line) for line in lines]
    for name, lines in PROJECT["optional-dependencies"].items()
}
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

SYSTEMS = {
    "Windows": {"sys_platform": "win32", "os_name": "nt", "platform_machine": "AMD64"},
    "Mac, Intel": {"sys_platform": "darwin", "os_name": "posix", "platform_machine": "x86_64"},
    "Mac, Apple": {"sys_platform": "darwin", "os_name": "posix", "platform_machine": "arm64"},
    "Linux": {"sys_platform": "linux", "os_name": "posix", "platform_machine": "x86_64"},
    "Linux, Arm": {"sys_platform": "linux", "os_name": "posix", "platform_machine": "aarch64"},
}


# What is pinned for whom: students and the tests; what takes the kit to a class.
LOCKS = {
    "requirements.lock": ("lab", "test"),
    "requirements-serving.lock": ("lab", "grading", "hub", "site"),
}


def lock_entries(lock: str) -> list[str]:
    """A lock's entries, each on one line."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return [re.sub(r"\s+", " ", entry) for entry in text.replace("\\\n", " ").splitlines()]


def pins(lock: str) -> list[Requirement]:
    return [Requirement(entry.split(" --hash")[0]) for entry in lock_entries(lock)]


# ------------------------------------------------------------------------- pins and promises


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_only_pins_with_hashes(lock: str):
    # No address, no option, no path: such an entry has another form.
    entry = re.compile(
        r"[a-z0-9-]+(\[[a-z-]+\])?==[0-9a-z.]+( ; [\w<>=!.'() ]+)?( --hash=sha256:[0-9a-f]{64})+"
    )
    assert [line for line in lock_entries(lock) if not entry.fullmatch(line)] == []
    assert len(lock_entries(lock)) > 100


def test_the_locks_pin_the_same_versions():
    one, other = ({(p.name, str(p.marker)): p.specifier for p in pins(lock)} for lock in LOCKS)
    both = one.keys() & other.keys()
    assert {name: one[name] for name in both} == {name: other[name] for name in both}
    assert len(both) > 80


def test_every_extra_is_pinned_somewhere():
    assert {extra for extras in LOCKS.values() for extra in extras} == EXTRAS.keys()


@pytest.mark.parametrize("python", ["3.11.0", "3.12.0", "3.13.0", "3.14.0"])
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_pinned_once_and_in_its_range(lock: str, system: str, python: str):
    machine = SYSTEMS[system] | {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "implementation_name": "cpython",
        "extra": "",
    }
    here = [
        pin for pin in pins(lock) if pin.marker is None or Marker(str(pin.marker)).evaluate(machine)
    ]
    names = [canonicalize_name(pin.name) for pin in here]
    assert len(names) == len(set(names))
    pinned = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in here}
    outside = [
        f"{wanted} but {pinned.get(canonicalize_name(wanted.name))}"
        for wanted in [*RUNTIME, *(each for extra in LOCKS[lock] for each in EXTRAS[extra])]
        if not (
            canonicalize_name(wanted.name) in pinned
            and wanted.specifier.contains(pinned[canonicalize_name(wanted.name)])
        )
    ]
    assert outside == []


def test_every_range_has_both_ends():
    for requirement in [*RUNTIME, *(each for extra in EXTRAS.values() for each in extra)]:
        assert {end.operator for end in requirement.specifier} == {">=", "<"}, requirement


def test_conda_gets_the_same_ranges():
    lines = [line for line in CONDA["dependencies"][1:] if isinstance(line, str)]
    there = {Requirement(line).name: Requirement(line).specifier for line in lines}
    expected = {wanted.name: wanted.specifier for wanted in [*RUNTIME, *EXTRAS["lab"]]}
    assert {name: there[name] for name in there.keys() - {"pip"}} == expected
    assert CONDA["dependencies"][-1] == {"pip": ["-e ."]}, "conda installs the kit itself with pip"
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]
    assert CONDA["name"] == PROJECT["name"]


def test_python_is_the_same_everywhere():
    oldest = ".".join(map(str, run.OLDEST))
    assert PROJECT["requires-python"] == f">={oldest}"
    # repo2docker, which builds for Binder, understands this form and no range.
    python = re.fullmatch(r"python =(\d\.\d+)", CONDA["dependencies"][0])
    assert python and SpecifierSet(PROJECT["requires-python"]).contains(python[1])
    assert SpecifierSet(PROJECT["requires-python"]).contains(
        ".".join(map(str, sys.version_info[:3]))
    )


def test_version_and_licence_are_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"] == kit.__version__
    assert citation["license"] == PROJECT["license"] == "BSD-3-Clause"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("BSD 3-Clause License")


def test_ci_calls_the_test_command_of_the_readme():
    command = "python run.py test"
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_no_file_holds_a_registry_address_or_a_path_of_one_machine():
    traces = re.compile(
        r"pypi\.org|pythonhosted\.|registry\.npm|anaconda\.org|-{2}(?:extra-)?index-url"
        r"|-{2}find-links|file:/{2}"
        r"|(?<![\w.~])/(?:home|Users|root|work|opt|tmp)/\w|[A-Za-z]:\\+Users\\+\w"
    )
    # What .gitignore names is no part of the kit.
    passed_over = {
        ".git",
        ".venv",
        ".venv-serving",
        "site",
        "work",
        "setup.log",
        ".setup.lock",
        "__pycache__",
    }
    passed_over |= {".pytest_cache", ".hypothesis", ".ruff_cache", ".ipynb_checkpoints"}
    found = []
    seen = 0
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in passed_over]
        for path in (Path(folder, name) for name in files if name not in passed_over):
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture
            seen += 1
            for match in traces.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{path.relative_to(ROOT)}:{line}: {match[0]}")
    assert found == []
    assert seen > 20


def test_ruff_finds_nothing_to_mend():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise", str(ROOT)],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


# ------------------------------------------------------------------------- run.py by itself


def test_run_needs_only_the_standard_library():
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or ".").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert imported <= sys.stdlib_module_names
    assert len(imported) > 5


def test_run_can_be_read_by_an_old_python():
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_what_to_do():
    pretend = (
        "import runpy, sys; sys.version_info = (3, 9, 18, 'final', 0); sys.argv[1:] = ['lab'];"
        f"runpy.run_path({str(ROOT / 'run.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, encoding="utf-8")
    assert done.returncode == 1
    assert re.fullmatch(r"This kit needs Python 3\.11 or newer, .* 3\.9: get .*\n", done.stderr)


def test_help_lists_the_commands():
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py")], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0
    for command in ("lab", "notebook", "doctor", "test", "site", "notebooks", "setup"):
        assert re.search(rf"^  {command}\b", done.stdout, re.MULTILINE)


# ------------------------------------------------------------------------- a set-up, for real

SMALL = "small_stand_in"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one package to install from, instead of an index on the net."""
    folder = tmp_path_factory.mktemp("shop")
    files = {
        f"{SMALL}.py": "ANSWER = 42\n",
        f"{SMALL}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {SMALL}\nVersion: 1.0\n",
        f"{SMALL}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{name},sha256={digest.decode()},{len(text)}\n"
    files[f"{SMALL}-1.0.dist-info/RECORD"] = f"{record}{SMALL}-1.0.dist-info/RECORD,,\n"
    with zipfile.ZipFile(folder / f"{SMALL}-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return folder


def small_kit(folder: Path, lock: str) -> Path:
    """A kit with nothing in it but run.py, a lock and a module."""
    (folder / "kit").mkdir(parents=True)
    (folder / "kit" / "__init__.py").write_text("HERE = __file__\n", encoding="utf-8")
    (folder / "requirements.lock").write_text(lock, encoding="utf-8")
    kernels = Path("kit", "extension", "ipython")
    shutil.copytree(ROOT / kernels, folder / kernels)
    shutil.copy(ROOT / "run.py", folder)
    return folder


def run_in(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """Run the folder's run.py from elsewhere, with pip as the only installer and no network."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))
    }
    environment |= {"PATH": "", "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"} | variables
    return subprocess.run(
        [sys.executable, str(folder / "run.py"), *arguments],
        cwd=folder.parent,
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def set_up(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small kit in a folder with an awkward name, set up."""
    wheel = next(shop.glob("*.whl")).read_bytes()
    lock = f"small-stand-in==1.0 --hash=sha256:{hashlib.sha256(wheel).hexdigest()}\n"
    folder = small_kit(tmp_path_factory.mktemp("kits") / "Lektüre № 1", lock)
    done = run_in(folder, "setup", PIP_FIND_LINKS=str(shop))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Setting up the kit in .venv.")
    return folder


def copy_of(kit_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kit_folder, tmp_path / "a copy", symlinks=True))


def where_kit_is(folder: Path) -> str:
    environment = run.Environment(folder)
    done = subprocess.run(
        [str(environment.python), "-I", "-c", f"import kit, {SMALL}; print(ascii(kit.HERE))"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return str(Path(ast.literal_eval(done.stdout)).resolve().parent.parent)


def test_set_up_makes_the_kit_importable_and_leaves_no_log(set_up: Path):
    assert where_kit_is(set_up) == str(set_up.resolve())
    assert not (set_up / "setup.log").exists()


def test_packages_are_compiled(set_up: Path):
    assert list((set_up / ".venv").rglob(f"__pycache__/{SMALL}.*.pyc"))


def test_the_second_run_finds_it_done(set_up: Path):
    done = run_in(set_up, "setup")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_moved_kit_goes_on_working(set_up: Path, tmp_path: Path):
    moved = copy_of(set_up, tmp_path)
    done = run_in(moved, "setup")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert where_kit_is(moved) == str(moved.resolve())


def test_the_site_is_made_with_an_environment_of_its_own(set_up: Path, shop: Path, tmp_path: Path):
    folder = copy_of(set_up, tmp_path)
    shutil.copy(folder / "requirements.lock", folder / "requirements-serving.lock")
    (folder / "desk").mkdir()
    (folder / "desk" / "__main__.py").write_text(
        f"import os, sys, {SMALL}; print(os.path.basename(sys.prefix), *sys.argv[1:])\n",
        encoding="utf-8",
    )
    done = run_in(folder, "site", "--out", "x", PIP_FIND_LINKS=str(shop))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Setting up the kit in .venv-serving.")
    assert done.stdout.splitlines()[-1] == ".venv-serving site --out x"
    assert run.Environment(folder).ready() and run.serving(folder).ready()


def test_a_slow_step_shows_signs_of_life(tmp_path: Path, monkeypatch, capsys):
    environment = run.Environment(small_kit(tmp_path / "kit", ""))
    monkeypatch.setattr(run, "PROGRESS", 0.2)
    slow = "import time; print('Collecting a==1 (from -r it)', flush=True); time.sleep(1); exit(3)"
    with environment.log.open("wb") as log:
        assert environment._logged([sys.executable, "-c", slow], log).startswith("Collecting a==1")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 2
    assert lines[-1].endswith(" s  Collecting a==1")


@pytest.mark.parametrize(
    "asked, given",
    [
        (
            ["--quick"],
            ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
            + ["--no-loadscope-reorder", "--quick"],
        ),
        (["--only", "unit", "-n0"], ["--only", "unit", "-n0"]),
        (["--only=notebooks", "run.py"], ["--only=notebooks", "run.py"]),
    ],
)
def test_units_and_notebooks_need_nothing_but_the_environment(
    asked: list[str], given: list[str], set_up: Path, tmp_path: Path
):
    folder = copy_of(set_up, tmp_path)  # it has no lock for a second environment
    (folder / "pytest.py").write_text("import sys; print(sys.argv[1:])\n", encoding="utf-8")
    done = run_in(folder, "test", *asked)
    assert (done.returncode, done.stderr) == (0, "")
    assert ast.literal_eval(done.stdout) == given
    assert "requirements-serving.lock is missing" in told(run_in(folder, "test"))


def test_jupyter_does_not_ask_about_news_and_shows_guides_as_pages(set_up: Path):
    settings = set_up / ".venv" / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    notices = json.loads(settings.read_text(encoding="utf-8"))
    assert notices["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    viewers = notices["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]
    assert viewers == {"markdown": "Markdown Preview"}


def test_every_kernel_of_the_environment_reads_the_kits_settings(set_up: Path):
    read = (
        set_up / ".venv" / "etc" / "ipython" / "ipython_kernel_config.py"
    )  # for IPython: sys.prefix
    assert "kit.base.unopened" in read.read_text(encoding="utf-8")


def lose_the_stamp(environment: run.Environment) -> None:
    environment.stamp.unlink()


def garble_the_stamp(environment: run.Environment) -> None:
    environment.stamp.write_text('{"lock": ', encoding="utf-8")


def lose_a_package(environment: run.Environment) -> None:
    next(environment.folder.rglob(f"{SMALL}.py")).unlink()


def lose_the_kits_path(environment: run.Environment) -> None:
    next(environment.folder.rglob("kit.pth")).unlink()


def keep_old_settings(environment: run.Environment) -> None:
    next(environment.folder.rglob("overrides.json")).write_text("{}", encoding="utf-8")


def lose_python(environment: run.Environment) -> None:
    environment.python.unlink()


def lose_everything(environment: run.Environment) -> None:
    shutil.rmtree(environment.folder)


def change_the_pins(environment: run.Environment) -> None:
    with environment.lock.open("a", encoding="utf-8") as lock:
        lock.write("\n")


@pytest.mark.parametrize(
    "harm",
    [
        lose_the_stamp,
        garble_the_stamp,
        lose_a_package,
        lose_the_kits_path,
        keep_old_settings,
        lose_python,
        lose_everything,
        change_the_pins,
    ],
)
def test_what_was_harmed_is_noticed(harm, set_up: Path, tmp_path: Path):
    environment = run.Environment(copy_of(set_up, tmp_path))
    assert environment.ready()
    harm(environment)
    assert not environment.ready()


def test_what_was_harmed_is_made_again(set_up: Path, shop: Path, tmp_path: Path):
    harmed = copy_of(set_up, tmp_path)
    lose_a_package(run.Environment(harmed))
    done = run_in(harmed, "setup", PIP_FIND_LINKS=str(shop))
    assert (done.returncode, done.stderr) == (0, "")
    assert where_kit_is(harmed) == str(harmed.resolve())


# ------------------------------------------------------------------------- what goes wrong


def told(done: subprocess.CompletedProcess) -> str:
    """What run.py said when it failed: one line, and never a traceback."""
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_python_without_venv_is_told_which_package_to_install(tmp_path: Path):
    folder = small_kit(tmp_path / "kit", "")
    # Found before the standard library's, this one fails as Debian's does without its package.
    (folder / "venv.py").write_text(
        "raise SystemExit('ensurepip is not available')\n", encoding="utf-8"
    )
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"sudo apt install python{version}-venv" in told(run_in(folder, "lab"))
    assert not run.Environment(folder).ready()


def test_an_index_out_of_reach_is_told_so_and_the_log_is_kept(set_up: Path, tmp_path: Path):
    folder = small_kit(tmp_path / "kit", (set_up / "requirements.lock").read_text("utf-8"))
    # Nothing listens on port 9.
    done = run_in(
        folder, "lab", PIP_NO_INDEX="0", PIP_INDEX_URL="http://127.0.0.1:9", PIP_RETRIES="1"
    )
    assert "connect to the internet" in told(done)
    assert "127.0.0.1" in (folder / "setup.log").read_text(encoding="utf-8")


def test_a_package_that_was_tampered_with_is_refused(shop: Path, tmp_path: Path):
    folder = small_kit(tmp_path / "kit", f"small-stand-in==1.0 --hash=sha256:{'0' * 64}\n")
    done = run_in(folder, "lab", PIP_FIND_LINKS=str(shop))
    assert "is not the one that was pinned" in told(done)
    assert not run.Environment(folder).ready()


def test_a_kit_without_its_lock_is_told_so(tmp_path: Path):
    folder = small_kit(tmp_path / "kit", "")
    (folder / "requirements.lock").unlink()
    assert "this folder is not the whole kit" in told(run_in(folder, "lab"))


def test_an_unknown_command_is_told_where_the_list_is(tmp_path: Path):
    assert "There is no command 'labb'" in told(run_in(small_kit(tmp_path / "kit", ""), "labb"))


def test_a_folder_that_refuses_is_told_so(tmp_path: Path):
    folder = small_kit(tmp_path / "kit", "")
    (folder / "setup.log").mkdir()
    assert "setup.log" in told(run_in(folder, "lab"))


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        (errno.ENOSPC, "free about 1 GB"),
        (errno.EACCES, "move the kit to a folder of your own"),
        (errno.EROFS, "move the kit to a folder of your own"),
        (errno.EIO, "The system refused"),
    ],
)
def test_the_systems_refusals_are_put_in_a_sentence(code: int, cure: str):
    sentence = run.explain(OSError(code, os.strerror(code), "some/file"))
    assert cure in sentence
    assert "some/file" in sentence


@pytest.mark.parametrize(
    ("output", "cure"),
    [
        ("ERROR: ... [Errno 28] No space left on device", "free about 1 GB"),
        ("error: failed to write (os error 28)", "free about 1 GB"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer", "PIP_CERT"),
        ("ProxyError('Cannot connect to proxy.', ...)", "HTTPS_PROXY"),
        ("cause: dns error\ncause: Temporary failure in name resolution", "internet"),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(...)'\n"
            "ERROR: No matching distribution found for anyio==4.16.0",
            "internet",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "another network"),
        ("[WinError 206] The filename or extension is too long", "C:\\kit"),
        ("PermissionError: [WinError 5] Access is denied: 'python.exe'", "close JupyterLab"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "3.13 or 3.14"),
        ("something never seen before", "look at its last lines"),
    ],
)
def test_what_installers_say_becomes_a_sentence_with_the_cure(
    output: str, cure: str, tmp_path: Path
):
    sentence = run.Environment(tmp_path).reason(output, "install the packages")
    assert sentence.startswith("Could not install the packages: ")
    assert cure in sentence
    assert "setup.log" in sentence


def test_what_is_no_notebook_does_not_keep_the_pages_from_being_trusted(tmp_path: Path):
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("A page.")])
    nbformat.write(page, tmp_path / "page.ipynb")
    pages = [str(tmp_path / name) for name in ("broken.ipynb", "page.ipynb")]
    done = subprocess.run(
        [sys.executable, "-c", run.TRUST, str(tmp_path), *pages], capture_output=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert NotebookNotary(data_dir=str(tmp_path)).check_signature(nbformat.read(pages[1], 4))
