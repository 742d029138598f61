"""Text of servers and for messages: on one line, of bounded length, pages told from answers."""


def shown(text: str, limit: int = 300) -> str:
    """Return text of a server on one line and of bounded length, for use in a message."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def is_html(body: str, content_type: str) -> bool:
    """Whether a body is a page for people, such as a gateway's, and no answer of an API."""
    return "html" in content_type.lower() or body.lstrip()[:1] == "<"
