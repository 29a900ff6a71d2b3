"""Shapes of what our files hold: each reads a node, says what is wrong, and describes itself as JSON Schema.

One description serves the reader and the published schema, so they cannot drift apart. A shape gives None when the node
is faulty: the fault is in the document then, and reading goes on, so that all faults of a file are reported together.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Any, Generic, TypeVar

from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.nodes import ListNode, MapNode, Node, ScalarNode, shorten
from beacon_gateway.core.files.slugs import slug_of
from beacon_gateway.core.model.problems import Located, SourcePosition, did_you_mean
from beacon_gateway.core.text.odd_characters import as_ascii, first_full_width, without_odd

T = TypeVar("T")
Schema = dict[str, Any]


class Shape(ABC, Generic[T]):
    """A kind of value."""

    @abstractmethod
    def read(self, node: Node, document: Document) -> T | None: ...

    @abstractmethod
    def schema(self) -> Schema: ...


class ListOf(Shape[list[Located[T]]]):
    """A list; what is faulty in it is left out and reported. With `whole` nothing is left of a list with a fault."""

    def __init__(self, item: Shape[T], *, most: int | None = None, whole: bool = False) -> None:
        self._item, self._most, self._whole = item, most, whole

    def read(self, node: Node, document: Document) -> list[Located[T]] | None:
        if not isinstance(node, ListNode):
            document.refuse_kind(node, "value.list")
            return None
        if self._most is not None and len(node.children) > self._most:
            document.report(node, "value.long-list", found=str(len(node.children)), limit=str(self._most))
            return None
        found = []
        for child in node.children:
            if document.is_full:
                break
            value = self._item.read(child, document)
            if value is not None:
                found.append(Located(value, document.place(child)))
        return None if self._whole and len(found) < len(node.children) else found

    def schema(self) -> Schema:
        limit = {} if self._most is None else {"maxItems": self._most}
        return {"type": "array", "items": self._item.schema(), **limit}


class MapOf(Shape[list[tuple[Located[str], T]]]):
    """Things by their own names. A name with nothing after it is a thing with all defaults, if its shape allows."""

    def __init__(self, name: Shape[str], thing: Shape[T]) -> None:
        self._name, self._thing = name, thing

    def read(self, node: Node, document: Document) -> list[tuple[Located[str], T]] | None:
        if isinstance(node, ScalarNode) and not node.value:
            return []
        if not isinstance(node, MapNode):
            document.refuse_kind(node, "value.map")
            return None
        found = []
        for key, value in document.entries(node):
            name = self._name.read(key, document)
            place = document.place(key)
            document.names.append(Located(key.value, place))
            if name is None:  # what others mean by it is named right, or will be
                document.names.append(Located(slug_of(without_odd(as_ascii(key.value))), place))
            thing = self._thing.read(value, document)
            if name is not None and thing is not None:
                found.append((Located(name, place), thing))
        return found

    def schema(self) -> Schema:
        return {
            "type": ["object", "null"],
            "propertyNames": self._name.schema(),
            "additionalProperties": self._thing.schema(),
        }


class Fields(dict[str, Any]):
    """What a `Record` read: values by key, and the place of each."""

    def __init__(self, node: MapNode, document: Document) -> None:
        super().__init__()
        self.nodes: dict[str, Node] = {}
        """Where each value stands."""
        self.misspelled: Collection[str] = ()
        """Keys that stand there in some other spelling."""
        self._node, self._document = node, document

    @property
    def place(self) -> SourcePosition:
        return self._document.place(self._node)

    def stated(self, key: str) -> Any:  # noqa: ANN401 - a record's fields have many types; its builder knows them
        """Return value and place; None if the key is absent."""
        return Located(self[key], self._document.place(self.nodes[key])) if key in self else None


class Record(Shape[T]):
    """A fixed set of keys, made into one value. Nothing is made if a required key is absent or any value is faulty."""

    def __init__(
        self,
        fields: Mapping[str, Shape[Any]],
        make: Callable[[Fields, Document], T | None],
        *,
        required: Collection[str] = (),
        about: str = "",
        salvage: Callable[[Fields, Document], T | None] | None = None,
    ) -> None:
        """`salvage` makes of a faulty one what others may lean on: so no fault brings others about."""
        self._fields, self._make, self._required, self._about = fields, make, required, about
        self._salvage = salvage

    def read(self, node: Node, document: Document) -> T | None:
        if not isinstance(node, MapNode):
            document.refuse_kind(node, "value.map")
            return None
        fields = Fields(node, document)
        whole = True
        meant: set[str] = set()
        for key, child in document.entries(node):
            shape = self._fields.get(key.value)
            if shape is None:
                meant.add(self._refuse_key(key, document))
                continue
            value = fields[key.value] = shape.read(child, document)
            fields.nodes[key.value] = child
            whole = whole and value is not None
        for missing in [key for key in self._required if key not in fields]:
            if missing not in meant:  # else it stands there, and was just told to be misspelled
                document.report(node, "key.missing", found=missing)
            whole = False
        fields.misspelled = meant
        if whole:
            return self._make(fields, document)
        return self._salvage(fields, document) if self._salvage else None

    def _refuse_key(self, key: ScalarNode, document: Document) -> str:
        """Report a key that is not known here; return the one that was meant, "" if none is near."""
        plain = as_ascii(without_odd(key.value)).partition(":")[0].strip()
        near = plain if plain in self._fields else did_you_mean(key.value, self._fields)
        code = "key.unknown-near" if near else "key.unknown"
        mark = first_full_width(key.value)
        if mark and near:
            document.report_mark(document.place_of(key, mark), mark, key.value)
        else:
            known = " · ".join(self._fields)
            document.refuse(key, key.value, code, found=shorten(key.value), near=near, known=known)
        return near

    def schema(self) -> Schema:
        described: Schema = {
            "type": "object",
            "properties": {key: shape.schema() for key, shape in self._fields.items()},
            "additionalProperties": False,
        }
        if self._required:
            described["required"] = list(self._required)
        if self._about:
            described["description"] = self._about
        return described
