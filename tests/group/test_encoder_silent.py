"""The encoder's library neither numbers this machine nor reports what is run on it."""

import os
import subprocess
import sys

# it keeps such a number and a queue of reports in the home folder, as soon as there is a session
SESSION = """
from onnx import TensorProto, helper
from kuulo.group.embed import open_session
value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "ab"]
graph = helper.make_graph([helper.make_node("Identity", ["a"], ["b"])], "g", value[:1], value[1:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
open_session(model.SerializeToString())
import os
print(os.environ["ORT_DISABLE_TELEMETRY"])
"""


def test_nothing_is_kept_or_queued_for_anybody(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    # told nothing else: on a server of tests it would hold its tongue by itself
    told = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    told["ORT_DISABLE_TELEMETRY"] = "0"
    command = [sys.executable, "-c", SESSION]
    done = subprocess.run(command, env=told, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "1\n"
    assert list(home.rglob("*")) == []
