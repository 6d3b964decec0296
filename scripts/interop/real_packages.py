"""Imports the tasks of lmms-eval and VLMEvalKit without what they need for models and media."""

import importlib.abc
import importlib.machinery
import sys
import types
from unittest.mock import MagicMock


class Replaced(types.ModuleType):
    """A module that is not installed: any name is something that can be called."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=f"{self.__name__}.{name}")


class Replacer(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Replaced(spec.name)

    def exec_module(self, module):
        pass


def bare_package(name, folder):
    """A package without its __init__, which would import half of the world."""
    package = types.ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package


def listed(answer):
    """A list, which was a set, in an order of its own."""
    return sorted(answer, key=str) if isinstance(answer, list) else answer
