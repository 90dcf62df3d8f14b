"""Looks at a JSON schema before an engine gets to see it."""

import json

_TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}
_MOST_CHARACTERS = 200_000
_IN_MAPPINGS = ("properties", "patternProperties", "$defs", "definitions")
_IN_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_DIRECTLY = ("items", "additionalProperties", "not")


def schema_problem(text: str) -> str:
    """Return what is wrong with a schema in words for a person, "" where nothing is found."""
    if len(text) > _MOST_CHARACTERS:
        return "This is too long for a schema."
    try:
        schema = json.loads(text)
    except json.JSONDecodeError as error:
        return f"This is no JSON: {error.msg} in line {error.lineno}, column {error.colno}."
    except ValueError:  # Python reads 4,300 digits
        return "There is a number in it that is too long."
    except RecursionError:
        return "This is nested too deeply."
    if not isinstance(schema, dict):
        return "A schema is an object in braces: { … }."
    if not schema:
        return "The schema is empty: it would let every answer pass."
    return _look(schema, "", 0)


def _look(schema: dict[str, object], place: str, depth: int) -> str:
    where = f" at {place}" if place else ""
    if depth > 64:
        return f"This is nested too deeply{where}."
    kinds = schema.get("type", [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if not isinstance(kind, str) or kind not in _TYPES:
            shown = kind if isinstance(kind, str) else json.dumps(kind, ensure_ascii=False)
            return f'There is no type "{shown}"{where}.'
    required = schema.get("required", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        return f"“required” has to be a list of names{where}."
    reference = schema.get("$ref", "#")
    if not isinstance(reference, str) or not reference.startswith("#"):
        return f"“$ref” may only point into this schema{where}: nothing is fetched."
    for name, inner in _inner(schema):
        if isinstance(inner, bool):
            continue
        below = f"{place}.{name}" if place else name
        if not isinstance(inner, dict):
            return f"“{below}” has to be a schema in braces: {{ … }}."
        if problem := _look(inner, below, depth + 1):
            return problem
    return ""


def _inner(schema: dict[str, object]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for key in _IN_MAPPINGS:
        mapping = schema.get(key, {})
        found += mapping.items() if isinstance(mapping, dict) else [(key, None)]
    for key in _IN_LISTS:
        entries = schema.get(key, [])
        if isinstance(entries, list):
            found += [(f"{key}[{place}]", entry) for place, entry in enumerate(entries)]
        else:
            found.append((key, None))
    found += [(key, schema[key]) for key in _DIRECTLY if key in schema]
    return found
