"""The process group: restarts what dies, stops together."""

import signal
import subprocess
import sys
import time

from neike.config.supervisor import pause_before_restart

GROUP = """
import sys
from neike.config.supervisor import Member, Supervisor
Supervisor([Member("one", [sys.executable, "-c", "import sys; sys.stdout.write('began\\\\n'); sys.exit(3)"]),
            Member("two", [sys.executable, "-c", "import time; time.sleep(60)"])]).run()
"""


def test_pauses_grow_and_are_bounded():
    assert [pause_before_restart(n) for n in (1, 2, 3, 4, 20)] == [0.5, 1.0, 2.0, 4.0, 30.0]


def test_a_member_that_ends_is_started_again_and_all_stop_on_sigterm():
    group = subprocess.Popen(
        [sys.executable, "-c", GROUP], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(2.5)
    group.send_signal(signal.SIGTERM)
    out, err = group.communicate(timeout=10)

    assert out.count("began") >= 2
    assert "one ended with code 3; restarting" in err
    assert group.returncode == 0
