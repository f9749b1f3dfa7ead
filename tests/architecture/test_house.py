"""The house keeps its shape: interest runs one way, every field declares itself, every write leaves a trace."""

from __future__ import annotations

import ast
import importlib
import inspect
import pathlib
import subprocess
import sys

from django.apps import apps

import folkmoot

PACKAGE = pathlib.Path(folkmoot.__file__).parent
# from the top of the house to its foundation; rooms on one floor do not know each other
FLOORS = [
    {"project"},
    {"demo"},
    {"front"},
    {"briefings"},
    {"evidence"},
    {"evaluations"},
    {"heard"},
    {"surveys", "activities", "coding"},
    {"mechanisms"},
    {"strategies"},
    {"sources", "communities"},
    {"discussion", "jobs"},
    {"organisations"},
    {"audit", "ui"},
    {"core"},
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def _own_models():
    return [model for model in apps.get_models() if model.__module__.startswith("folkmoot.")]


def test_no_foreign_key_points_up_the_house():
    wrong = []
    for model in _own_models():
        here = FLOOR_OF[model._meta.app_label]
        for field in (*model._meta.fields, *model._meta.many_to_many):
            target = field.related_model
            if target is None or not target.__module__.startswith("folkmoot."):
                continue
            there = FLOOR_OF[target._meta.app_label]
            if there < here or (there == here and target._meta.app_label != model._meta.app_label):
                wrong.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert not wrong


def test_no_import_points_up_the_house():
    wrong = []
    for file in PACKAGE.rglob("*.py"):
        room = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room not in FLOOR_OF:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                parts = name.split(".")
                if parts[0] != "folkmoot" or len(parts) < 2 or parts[1] not in FLOOR_OF:
                    continue
                above = FLOOR_OF[parts[1]] < FLOOR_OF[room]
                beside = FLOOR_OF[parts[1]] == FLOOR_OF[room] and parts[1] != room
                if above or beside:
                    wrong.append(f"{file.relative_to(PACKAGE)}: {name}")
    assert not wrong


def test_the_core_never_sees_django():
    program = (
        "import sys, pkgutil, importlib, folkmoot.core as core\n"
        "for found in pkgutil.walk_packages(core.__path__, 'folkmoot.core.'): importlib.import_module(found.name)\n"
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_every_field_declares_its_privacy_and_every_model_its_retention():
    missing = []
    for model in _own_models():
        if model._meta.auto_created:
            continue
        declaration = vars(model).get("privacy")
        if declaration is None:
            missing.append(f"{model.__name__} has no declaration")
            continue
        names = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}
        missing += [f"{model.__name__}.{name}" for name in sorted(names) if declaration.of(name) is None]
        missing += [
            f"{model.__name__} declares {name}, which it has not"
            for name in declaration.fields
            if name not in names
        ]
    assert not missing


def _action_modules():
    for file in PACKAGE.rglob("*.py"):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        if "actions" in parts and parts[0] != "audit":
            name = ".".join(("folkmoot", *parts)).removesuffix(".__init__")
            yield importlib.import_module(name)


def test_every_public_action_is_framed_and_takes_the_person_by_keyword():
    wrong = []
    for module in _action_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            if not getattr(function, "is_action", False):
                wrong.append(f"{module.__name__}.{name} wears no @action")
                continue
            parameters = inspect.signature(function).parameters
            if "by" not in parameters or parameters["by"].kind is not inspect.Parameter.KEYWORD_ONLY:
                wrong.append(f"{module.__name__}.{name} has no keyword-only by")
    assert not wrong


def test_only_actions_write():
    """A view, form or query that saves would leave no trace."""
    writing = {"save", "create", "bulk_create", "delete", "bulk_update", "update_or_create", "get_or_create"}
    wrong = []
    for file in PACKAGE.rglob("*.py"):
        relative = file.relative_to(PACKAGE)
        if (
            relative.stem not in {"views", "forms", "queries", "policies", "api"}
            and "views" not in relative.parts
        ):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            through_objects = isinstance(node.func.value, ast.Attribute) and node.func.value.attr == "objects"
            if node.func.attr in writing and through_objects:
                wrong.append(f"{relative}:{node.lineno} {node.func.attr}")
    assert not wrong


def test_no_module_grows_past_five_hundred_lines():
    long = {
        str(file.relative_to(PACKAGE)): lines
        for file in PACKAGE.rglob("*.py")
        if "migrations" not in file.parts
        and (lines := len(file.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long
