"""The bars that show progress on a terminal."""

import pytest
from rich.live import Live

from pinecone_control.cli.output import progress, terminal

_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"


def test_cursor_is_shown_again_if_ctrl_c_arrives_at_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refresh = Live.refresh

    def interrupted(_: Live) -> None:
        monkeypatch.setattr(Live, "refresh", refresh)
        raise KeyboardInterrupt

    monkeypatch.setattr(terminal, "is_terminal", lambda _: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(Live, "refresh", interrupted)
    with pytest.raises(KeyboardInterrupt), progress.following("index", ["movies"]):
        pass
    written = capsys.readouterr().err
    assert written.rindex(_SHOW) > written.rindex(_HIDE)
