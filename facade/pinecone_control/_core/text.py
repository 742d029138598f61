"""Shorten a server's text for messages, and recognize HTML pages."""


def shown(text: str, limit: int = 300) -> str:
    """Return a server's text on one line and of bounded length, for use in a message."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def is_html(body: str, content_type: str) -> bool:
    """Return whether a body is an HTML page, such as a gateway's, and not an API's response."""
    return "html" in content_type.lower() or body.lstrip()[:1] == "<"
