"""Block components: `{% panel title=... %}{% slot actions %}...{% endslot %}...{% endpanel %}`.

Each is one template, `ui/components/<name>.html`, which gets the tag's keyword arguments,
`content` (what stands between the tags) and `slots` (named parts of it).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString, mark_safe


class SlotNode(Node):
    """A named part of a component; shown where the component's template puts it."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return mark_safe("")


class ComponentNode(Node):
    """Renders the component's template with its arguments, slots and content."""

    def __init__(self, name: str, arguments: dict[str, FilterExpression], nodelist: NodeList) -> None:
        self.name = name
        self.arguments = arguments
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        slots: dict[str, SafeString] = {
            node.name: _rendered(node.nodelist, context)
            for node in self.nodelist
            if isinstance(node, SlotNode)
        }
        values: dict[str, Any] = {key: value.resolve(context) for key, value in self.arguments.items()}
        values |= {"content": _rendered(self.nodelist, context), "slots": slots}
        inherited = {key: context.get(key) for key in ("csrf_token", "request", "ui")}
        assert context.template is not None
        template = context.template.engine.get_template(f"ui/components/{self.name}.html")
        return template.render(context.new(inherited | values))


def _rendered(nodelist: NodeList, context: Context) -> SafeString:
    """What stands between tags; its variables were escaped while rendering."""
    return mark_safe(nodelist.render(context).strip())  # noqa: S308


def slot(parser: Parser, token: Token) -> SlotNode:
    """`{% slot actions %}...{% endslot %}` inside a component."""
    parts = token.split_contents()
    if len(parts) != 2:
        raise TemplateSyntaxError("slot takes one name")
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(parts[1], nodelist)


def compiler(name: str) -> Callable[[Parser, Token], ComponentNode]:
    """The compile function of the component `name`."""

    def compile_component(parser: Parser, token: Token) -> ComponentNode:
        bits = token.split_contents()[1:]
        arguments = token_kwargs(bits, parser)
        if bits:
            raise TemplateSyntaxError(f"{name} takes keyword arguments only, not {bits[0]!r}")
        nodelist = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return ComponentNode(name, arguments, nodelist)

    return compile_component


def register_components(register: Library, *names: str) -> None:
    """Make each name a block tag."""
    register.tag("slot", slot)
    for name in names:
        register.tag(name, compiler(name))
