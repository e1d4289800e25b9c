"""Writes the TypeScript declarations of the wire from its msgspec types, comments included."""

import ast
import inspect
import types
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
import msgspec.inspect as wire
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import chat.messages
import moderation.messages
from backstage.messages import media, room, shapes, stage
from hopin_backstage.realtime import codec

#: Namespace in TypeScript → the modules whose messages stand in it, in this order.
NAMESPACES: dict[str, tuple[types.ModuleType, ...]] = {
    "BackstageWire": (shapes, room, media, stage),
    "ChatWire": (chat.messages,),
    "ModerationWire": (moderation.messages,),
}
TARGET = Path("backstage/static/backstage/wire.d.ts")

HEADER = """\
// Written by `manage.py wiretypes` from the messages.py files. Do not edit; a test holds it against them.
//
// Global namespaces instead of a module: the static files storage of Django takes every `import` in a file
// for one that it has to rewrite, also an `import` of types in a comment.
"""

PLAIN: dict[type[wire.Type], str] = {
    wire.StrType: "string",
    wire.UUIDType: "string",
    wire.DateTimeType: "string",
    wire.IntType: "number",
    wire.FloatType: "number",
    wire.BoolType: "boolean",
    wire.NoneType: "null",
    wire.AnyType: "unknown",
    wire.CustomType: "unknown",
}


def declarations() -> str:
    """The whole file."""
    return HEADER + "".join(_namespace(name, modules) for name, modules in NAMESPACES.items())


def _namespace(name: str, modules: tuple[types.ModuleType, ...]) -> str:
    own = [
        each
        for module in modules
        for each in vars(module).values()
        if inspect.isclass(each) and each.__module__ == module.__name__
    ]
    structs = [each for each in own if issubclass(each, msgspec.Struct)]
    comments = {kind: found for module in modules for kind, found in _field_comments(module).items()}
    lines = ["", f"declare namespace {name} {{"]
    for kind in own:
        if issubclass(kind, msgspec.Struct):
            lines += _interface(kind, comments.get(kind.__name__, {}))
        elif issubclass(kind, Enum):
            members = " | ".join(f'"{member.value}"' for member in kind)
            lines += [f"  type {kind.__name__} = {members};", ""]
    commands = [each for each in structs if issubclass(each, codec.Command) and each.wire_type]
    notices = [each for each in structs if issubclass(each, codec.Notice)]
    lines += [
        "  /** What a page may ask for: the type of a command and its body. */",
        "  interface Commands {",
    ]
    lines += [f'    "{each.wire_type}": {each.__name__};' for each in commands]
    lines += ["  }", "", "  /** What a page may be told. */", "  type AnyNotice ="]
    lines += [
        f'    | {{ type: "{each.wire_type}"; revision?: number; body: {each.__name__} }}' for each in notices
    ]
    lines[-1] += ";"
    return "\n".join([*lines, "}", ""])


def _interface(kind: type[Any], comments: dict[str, str]) -> list[str]:
    info = wire.type_info(kind)
    assert isinstance(info, wire.StructType)  # noqa: S101 - the caller has asked
    lines = _comment(kind.__dict__.get("__doc__"), "  ")
    if not info.fields:
        return [*lines, f"  type {kind.__name__} = Record<string, never>;", ""]
    lines.append(f"  interface {kind.__name__} {{")
    for field in info.fields:
        # The server always writes every field; a page may leave out what has a default.
        optional = "?" if issubclass(kind, codec.Command) and not field.required else ""
        lines += _comment(comments.get(field.name), "    ")
        lines.append(f"    {field.encode_name}{optional}: {_typescript(field.type)};")
    return [*lines, "  }", ""]


def _typescript(kind: wire.Type) -> str:
    match kind:
        case wire.StructType(cls=cls) | wire.EnumType(cls=cls):
            return cls.__name__
        case wire.ListType(item_type=item):
            inner = _typescript(item)
            return f"({inner})[]" if "|" in inner else f"{inner}[]"
        case wire.DictType(value_type=value):
            return f"Record<string, {_typescript(value)}>"
        case wire.LiteralType(values=values):
            return " | ".join(f'"{value}"' for value in values)
        case wire.UnionType(types=members):
            return " | ".join(_typescript(member) for member in members)
        case wire.Metadata(type=inner_type):
            return _typescript(inner_type)
    try:
        return PLAIN[type(kind)]
    except KeyError:
        raise CommandError(f"The wire has a type that pages have no word for: {kind}") from None


def _comment(text: str | None, indent: str) -> list[str]:
    if not text:
        return []
    lines = inspect.cleandoc(text).splitlines()
    if len(lines) == 1:
        return [f"{indent}/** {lines[0]} */"]
    return [f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"]


def _field_comments(module: types.ModuleType) -> dict[str, dict[str, str]]:
    """Class → field → the string that stands below the field. Python itself forgets these strings."""
    comments: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        found = comments.setdefault(node.name, {})
        for field, after in zip(node.body, node.body[1:], strict=False):
            match field, after:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[name] = text
    return comments


class Command(BaseCommand):
    requires_system_checks = []
    help = "Writes backstage/static/backstage/wire.d.ts from the messages of the wire."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail if the file is out of date."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target = settings.BASE_DIR / TARGET
        text = declarations()
        if not options["check"]:
            target.write_text(text)
        elif not target.exists() or target.read_text() != text:
            raise CommandError(f"{TARGET} is out of date: run `manage.py wiretypes`.")
