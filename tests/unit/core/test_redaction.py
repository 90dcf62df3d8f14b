import getpass
import platform
import sys
from pathlib import Path

import pytest

from phidesk.core import redaction
from phidesk.core.redaction import redacted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cannot open /home/anna/My_Models/secret.gguf: no", "cannot open <path>.gguf: no"),
        ("“/home/anna/Project X/notes.txt” is gone", "“<path>.txt” is gone"),
        (r'File "C:\Users\Anna B\models\q4.gguf"', 'File "<path>.gguf"'),
        ("~/models, /srv/data", "<path>, <path>"),
        ("from /home/anna/My Models/secret plan.gguf (version 3)", "from <path>.gguf (version 3)"),
        ("load /home/anna/my.models/a b-00001-of-2.Q4_K.gguf: no", "load <path>.gguf: no"),
        ("gcc -I/home/anna/Projekt/inc -c x.c", "gcc -I<path> -c x.c"),
        ("PYTHONPATH=/home/anna/a:/home/anna/Projekt/b", "PYTHONPATH=<path>:<path>"),
        ("see file:///mnt/Meier/x.whl", "see <path>.whl"),
        ("https://anna:geheim@proxy:3128 refused", "https://<secret>@proxy:3128 refused"),
        ("token hf_abcdefghij0123 is wrong", "token <secret> is wrong"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer <secret>"),
        ("/home/anna is full", "<path> is full"),
        ("/opt/My Models/a.gguf is gone", "<path>.gguf is gone"),
        ("in torch/utils/data/loader.py", None),
        ("12 / 40 layers at 3 tokens/s, context 0/8192", None),
        ("https://huggingface.co/owner/name", None),
    ],
)
def test_paths_of_the_user_go_and_the_rest_stays(text: str, wanted: str | None) -> None:
    assert redacted(text) == (text if wanted is None else wanted)


def test_a_traceback_still_tells_where() -> None:
    line = f'  File "{redaction.__file__}", line 7 in shown'
    assert redacted(line) == '  File "<phidesk>/core/redaction.py", line 7 in shown'
    inside = f'File "{Path(sys.prefix).as_posix()}/lib/torch/utils/data/loader.py", line 7'
    assert redacted(inside) == 'File "<python>/lib/torch/utils/data/loader.py", line 7'


def test_the_names_of_user_and_machine_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "anna")
    monkeypatch.setattr(platform, "node", lambda: "annas-laptop")
    said = redacted("anna on annas-laptop asked Johanna")
    assert said == "<user> on <machine> asked Johanna"
